// Builds dist/: the style sheet cut to what the templates use, fonts, one sprite of icons, the
// scripts and the query editor, each under a name that has its content's hash, and manifest.json
// from the plain name to that one.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PurgeCSS } from "purgecss";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const modules = join(here, "node_modules");
const italia = join(modules, "bootstrap-italia");
const templates = join(here, "..", "src", "mappe_servizi", "web", "portal", "templates");
const manifest = {};

function emit(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const extension = extname(name);
  const hashed = `${basename(name, extension)}.${hash}${extension}`;
  writeFileSync(join(dist, hashed), content);
  manifest[name] = hashed;
  return hashed;
}

function files(directory, extension) {
  return readdirSync(directory, { recursive: true })
    .filter((name) => name.endsWith(extension))
    .map((name) => join(directory, name))
    .sort();
}

function fonts() {
  const directory = join(italia, "src", "fonts", "Titillium_Web");
  for (const weight of ["regular", "600", "700"]) {
    const source = join(directory, `titillium-web-v10-latin-ext_latin-${weight}.woff2`);
    emit(`titillium-${weight}.woff2`, readFileSync(source));
  }
  for (const weight of ["regular", "700"]) // pictures are drawn with these
    emit(`titillium-${weight}.ttf`, readFileSync(join(directory, `titillium-web-v10-latin-ext_latin-${weight}.ttf`)));
}

async function styles(texts) {
  const compiled = sass.compile(join(here, "site.scss"), {
    loadPaths: [join(italia, "src", "scss")],
    style: "compressed",
    quietDeps: true,
    silenceDeprecations: ["import"],
    logger: sass.Logger.silent,
  });
  const named = compiled.css.replace(/url\("?(titillium-[\w]+\.woff2)"?\)/g, (_, name) => `url(${manifest[name]})`);
  const [purged] = await new PurgeCSS().purge({
    content: texts.map((raw) => ({ raw, extension: "html" })),
    css: [{ raw: named }],
    defaultExtractor: (content) => content.match(/[\w-/:]+(?<!:)/g) ?? [],
    safelist: ["yasgui", "controlbar", "tabsList", "CodeMirror", /^yasr/, "suggestions"],
    variables: true,
    keyframes: true,
  });
  emit("site.css", purged.css);
}

function icons(texts) {
  const used = new Set(texts.flatMap((text) => [...text.matchAll(/\bicon\("(it-[\w-]+)"/g)].map((match) => match[1])));
  const symbols = [...used].sort().map((name) => {
    const svg = readFileSync(join(italia, "src", "svg", `${name}.svg`), "utf8");
    const box = /viewBox="([^"]+)"/.exec(svg)?.[1] ?? "0 0 24 24";
    return `<symbol id="${name}" viewBox="${box}">${/<svg[^>]*>(.*)<\/svg>/s.exec(svg)[1].trim()}</symbol>`;
  });
  emit("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const portal = join(templates, ".."); // charts name their classes in Python
const texts = [...files(templates, ".html"), ...files(portal, ".py"), ...files(join(here, "scripts"), ".js")].map((path) => readFileSync(path, "utf8"));
fonts();
await styles(texts);
icons(texts);
for (const path of files(join(here, "scripts"), ".js")) emit(basename(path), readFileSync(path));
const yasgui = join(dirname(createRequire(import.meta.url).resolve("@zazuko/yasgui")));
for (const name of ["yasgui.min.js", "yasgui.min.css"]) {
  emit(name, readFileSync(join(yasgui, name), "utf8").replace(/\n?(\/\/|\/\*)# sourceMappingURL=.*$/s, "\n"));
}
emit("favicon.svg", readFileSync(join(here, "favicon.svg")));
writeFileSync(join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
