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

// A refused query is answered with a problem document (RFC 9457), whose texts are English: they are shown as texts.
Yasgui.Yasr.defaults.errorRenderers = [async (error) => {
  let problem;
  try { problem = JSON.parse(error.text); } catch { return undefined; }
  if (typeof problem?.title !== "string") return undefined;
  const shown = document.createElement("div");
  shown.className = "problem";
  shown.lang = "en";
  for (const [name, text] of [["strong", problem.title], ["p", problem.detail], ["pre", problem.excerpt]]) {
    if (typeof text === "string") shown.appendChild(document.createElement(name)).textContent = text;
  }
  return shown;
}];

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
if (document.documentElement.lang === "it") speakItalian();
const editor = () => yasgui.getTab().getYasqe();
editor().setValue(first);
// The keyboard goes through the page as through any other: the editor takes neither the focus nor the Tab key.
editor().setOption("lineWrapping", true);
editor().setOption("extraKeys", { ...editor().getOption("extraKeys"), Tab: false, "Shift-Tab": false });
editor().getInputField().setAttribute("aria-label", holder.dataset.label);
if (holder.contains(document.activeElement)) document.activeElement.blur();
// Links of the results stay on this server: the data have their own address, wherever they are served.
new MutationObserver(() => {
  for (const link of holder.querySelectorAll(`a[href^="${CSS.escape(holder.dataset.base)}"]`)) {
    link.href = holder.dataset.here + link.getAttribute("href").slice(holder.dataset.base.length);
  }
}).observe(holder, { childList: true, subtree: true });
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

// The editor and its results speak English alone. What they write about the results, never the results
// themselves, is put into Italian whenever they write it.
function speakItalian() {
  const words = new Map(Object.entries({
    "Run query": "Esegui l'interrogazione",
    "Share query": "Condividi l'interrogazione",
    "Table": "Tabella",
    "Response": "Risposta",
    "Shows Table view": "Mostra la tabella",
    "Shows Response view": "Mostra la risposta",
    "Simple view": "Vista semplice",
    "Ellipse": "Abbrevia",
    "Filter query results": "Filtra i risultati",
    "Page size:": "Righe per pagina:",
    "All": "Tutte",
    "Show all": "Mostra tutto",
    "Download result": "Scarica il risultato",
    "Download Results": "Scarica il risultato",
    "Download not supported": "Non si può scaricare",
    "View documentation of Table": "Documentazione della tabella (in inglese)",
    "View documentation of Response": "Documentazione della risposta (in inglese)",
    "Table documentation": "documentazione della tabella",
    "for more information.": "(in inglese).",
    "True": "Vero",
    "False": "Falso",
    "No data available in table": "Nessun risultato",
    "No matching records found": "Nessun risultato corrisponde al filtro",
  }));
  const patterns = [
    [/^Showing ([\d.,]+) to ([\d.,]+) of ([\d.,]+) entr(?:y|ies)/, "Righe da $1 a $2 di $3"],
    [/\(filtered from ([\d.,]+) total entr(?:y|ies)\)/, "(filtrate fra $1)"],
    [/^Could not render results with .* See$/, "Questo risultato non si può mostrare come tabella. Vedi la"],
  ];
  const italian = (text) => {
    const bare = text.trim();
    const said = words.get(bare) ?? patterns.reduce((one, [pattern, by]) => one.replace(pattern, by), bare);
    return said === bare ? text : text.replace(bare, () => said);
  };
  const places = ".yasqe_buttons, .yasr_header, .yasr_fallback_info, .overlay_content, .booleanResult, .dt-info, .dt-empty";
  const names = ["title", "aria-label", "placeholder"];
  const translate = () => {
    for (const place of holder.querySelectorAll(places)) {
      for (const one of [place, ...place.querySelectorAll("*")]) {
        for (const name of names) {
          const text = one.getAttribute(name);
          if (text && italian(text) !== text) one.setAttribute(name, italian(text));
        }
        for (const node of one.childNodes) {
          if (node.nodeType === Node.TEXT_NODE && italian(node.data) !== node.data) node.data = italian(node.data);
        }
      }
    }
  };
  translate();
  new MutationObserver(translate).observe(holder, { subtree: true, childList: true, attributeFilter: names });
}
