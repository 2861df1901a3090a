// @ts-check
// Copies what browsers need out of node_modules into the folder named on the command line.
// Box's licence forbids redistributing its files, so they are taken at every build and never committed.
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const out = process.argv[2];
if (!out) {
    throw new Error("Usage: node build.mjs <folder to write to>");
}

const elements = "node_modules/box-ui-elements";
const box = join(out, "box");
await mkdir(box, { recursive: true });
for (const part of ["explorer", "picker"]) {
    await cp(`${elements}/dist/${part}.js`, join(box, `${part}.js`));
    await cp(`${elements}/dist/${part}.js.LICENSE.txt`, join(box, `${part}.js.LICENSE.txt`));

    // The only addresses in Box's style sheets point to Lato on Box's CDN, which our CSP would block: the system's fonts serve.
    const css = await readFile(`${elements}/dist/${part}.css`, "utf8");
    const local = css.replaceAll(/@font-face\s*\{[^}]*cdn01\.boxcdn\.net[^}]*\}/g, "");
    if (local.includes("://cdn")) {
        throw new Error(`${part}.css names a CDN that the build does not know how to strip.`);
    }
    await writeFile(join(box, `${part}.css`), local);
}
await cp(`${elements}/LICENSE`, join(box, "LICENSE.txt"));
await cp(`${elements}/THIRD_PARTY_LICENSES`, join(box, "THIRD_PARTY_LICENSES.txt"));

// The Explorer looks for its preview library by language; ours is the same for all, and fetches what it needs from beside them.
const preview = join(box, "preview", "local");
for (const language of await languages()) {
    await cp(`${elements}/i18n/${language}.js`, join(box, "messages", `${language}.js`));
    await cp("preview/preview.js", join(preview, language, "preview.js"));
    await cp("preview/preview.css", join(preview, language, "preview.css"));
}
await cp("node_modules/marked/lib/marked.esm.js", join(preview, "marked.js"));
await cp("node_modules/dompurify/dist/purify.es.mjs", join(preview, "purify.js"));

await mkdir(join(out, "bootstrap"), { recursive: true });
await cp("node_modules/bootstrap/dist/css/bootstrap.min.css", join(out, "bootstrap", "bootstrap.min.css"));

/** Box's names of the portal's own languages: of each it has a file of words for the scripts. */
async function languages() {
    const files = (await readdir("../Explorer")).map(name => /^ExplorerScriptText\.(\w+)\.resx$/.exec(name)?.[1]);
    return ["en", ...files.filter(language => language !== undefined)].map(language => {
        const { language: short, region } = new Intl.Locale(language).maximize();
        return `${short}-${region}`;
    });
}
