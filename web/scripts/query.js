// The query editor in place of the plain form, with the gallery, a link to share, and downloads.
const holder = document.getElementById("yasgui");
const plain = document.getElementById("plain-query");
const tools = document.getElementById("query-tools");
const endpoint = new URL(holder.dataset.endpoint, location.href).href;
const prefixes = JSON.parse(holder.dataset.prefixes);

// Completion from the classes and properties that the data use; nothing is asked of other sites.
const terms = fetch(holder.dataset.statistics, { headers: { accept: "application/n-triples" } })
  .then((response) => (response.ok ? response.text() : ""))
  .then((text) => [...new Set([...text.matchAll(/<http:\/\/rdfs.org\/ns\/void#(?:class|property)> <([^>]+)>/g)].map((m) => m[1]))])
  .catch(() => []);
function completer(name, wanted) {
  return {
    name,
    bulk: false,
    autoShow: false,
    persistenceId: null,
    get: async (yasqe, token) => (await wanted).filter((one) => one.startsWith(token.autocompletionString)).sort(),
    isValidCompletionPosition: (yasqe) => /(?:^|[\s;.{(^|/])(?:a\s+)?(?:[\w-]+:[\w-]*|<[^>]*)$/.test(yasqe.getDoc().getLine(yasqe.getDoc().getCursor().line).slice(0, yasqe.getDoc().getCursor().ch)),
    preProcessToken: (yasqe, token) => {
      const [prefix, rest] = token.string.split(":");
      const known = yasqe.getPrefixesFromQuery()[prefix] ?? prefixes[prefix];
      if (rest !== undefined && known) return { ...token, autocompletionString: known + rest, tokenPrefix: `${prefix}:`, tokenPrefixUri: known };
      return { ...token, autocompletionString: token.string.replace(/^</, "") };
    },
    postProcessSuggestion: (yasqe, token, suggestion) =>
      token.tokenPrefixUri ? token.tokenPrefix + suggestion.slice(token.tokenPrefixUri.length) : `<${suggestion}>`,
  };
}
Yasgui.Yasqe.registerAutocompleter({ ...completer("terms", terms) }, true);
Yasgui.Yasqe.registerAutocompleter({
  ...completer("local-prefixes", Object.entries(prefixes).map(([name, iri]) => `${name}: <${iri}>`)),
  isValidCompletionPosition: (yasqe) => /^\s*PREFIX\s+[\w-]*$/i.test(yasqe.getDoc().getLine(yasqe.getDoc().getCursor().line)),
  preProcessToken: (yasqe, token) => ({ ...token, autocompletionString: token.string.trim() }),
  postProcessSuggestion: (yasqe, token, suggestion) => suggestion,
}, true);
// The defaults hold two that ask a site elsewhere; a configuration is merged with them, not put in their place.
Yasgui.Yasqe.defaults.autocompleters = ["local-prefixes", "terms", "variables"];
Yasgui.defaults.requestConfig.endpoint = endpoint;
Yasgui.defaults.endpointCatalogueOptions = { getData: () => [], keys: [], renderItem: () => {} };
Yasgui.defaults.copyEndpointOnNewTab = true;

const first = plain.elements.query.value;
plain.hidden = true;
holder.hidden = false;
tools.hidden = false;
const yasgui = new Yasgui(holder, {
  requestConfig: { endpoint, method: "POST" },
  persistenceId: null,
  populateFromUrl: false,
  yasqe: { value: first, resizeable: true, createShareableLink: () => shared() },
});
const editor = () => yasgui.getTab().getYasqe();
editor().setValue(first);
function shared() {
  const url = new URL(location.href);
  url.search = "";
  url.searchParams.set("edit", editor().getValue());
  return url.href;
}

document.getElementById("share").addEventListener("click", async () => {
  const link = document.createElement("a");
  link.href = shared();
  link.textContent = document.documentElement.lang === "en" ? "Link to this query" : "Collegamento a questa interrogazione";
  document.getElementById("share-link").replaceChildren(link);
  history.replaceState(null, "", link.href);
  try { await navigator.clipboard.writeText(link.href); } catch { /* the link is there to be copied by hand */ }
});

document.getElementById("download").addEventListener("click", () => {
  const url = new URL(endpoint);
  url.searchParams.set("query", editor().getValue());
  url.searchParams.set("format", document.getElementById("download-format").value);
  location.href = url.href;
});
