// The query editor in place of the plain form, with the gallery, a link to share, and downloads.
const holder = document.getElementById("yasgui");
const plain = document.getElementById("plain-query");
const tools = document.getElementById("query-tools");
const endpoint = new URL(holder.dataset.endpoint, location.href).href;
const prefixes = JSON.parse(holder.dataset.prefixes);
const terms = JSON.parse(holder.dataset.terms);

function completer(name, trigger) {
  return {
    name,
    bulk: true,
    persistenceId: null,
    get: async () => terms[name],
    isValidCompletionPosition: trigger,
    preProcessToken: (yasqe, token) => Yasgui.Yasqe.Autocompleters[name === "classes" ? "class" : "property"].preProcessToken(yasqe, token),
    postProcessSuggestion: (yasqe, token, text) => Yasgui.Yasqe.Autocompleters[name === "classes" ? "class" : "property"].postProcessSuggestion(yasqe, token, text),
  };
}

Yasgui.Yasqe.defaults.prefixCcApi = undefined;
Yasgui.Yasqe.defaults.addPrefixes = prefixes;
Yasgui.defaults.requestConfig.endpoint = endpoint;
Yasgui.defaults.endpointCatalogueOptions = { getData: () => [] };
Yasgui.defaults.copyEndpointOnNewTab = true;

const first = plain.elements.query.value;
plain.hidden = true;
holder.hidden = false;
tools.hidden = false;
const yasgui = new Yasgui(holder, {
  requestConfig: { endpoint, method: "POST" },
  persistenceId: null,
  populateFromUrl: false,
  yasqe: { value: first, resizeable: true, autocompleters: ["prefixes", "variables"], createShareableLink: () => shared() },
});
const editor = () => yasgui.getTab().getYasqe();
editor().setValue(first);
editor().addPrefixes?.(Object.fromEntries(Object.entries(prefixes).filter(([name]) => new RegExp(`\\b${name}:`).test(first) && !new RegExp(`PREFIX\\s+${name}:`, "i").test(first))));

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
