// @ts-check
// Copies what browsers need out of node_modules into the folder named on the command line.
// Box's licence forbids redistributing its files, so they are taken at every build and never committed.
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const out = process.argv[2];
if (!out) {
    throw new Error("Usage: node build.mjs <folder to write to>");
}

const elements = "node_modules/box-ui-elements";
const box = join(out, "box");
await mkdir(box, { recursive: true });
await cp(`${elements}/dist/explorer.js`, join(box, "explorer.js"));
await cp(`${elements}/dist/explorer.js.LICENSE.txt`, join(box, "explorer.js.LICENSE.txt"));
await cp(`${elements}/LICENSE`, join(box, "LICENSE.txt"));
await cp(`${elements}/THIRD_PARTY_LICENSES`, join(box, "THIRD_PARTY_LICENSES.txt"));

// The only addresses in Box's style sheet point to Lato on Box's CDN, which our CSP would block: the system's fonts serve.
const css = await readFile(`${elements}/dist/explorer.css`, "utf8");
const local = css.replaceAll(/@font-face\s*\{[^}]*cdn01\.boxcdn\.net[^}]*\}/g, "");
if (local.includes("://cdn")) {
    throw new Error("explorer.css names a CDN that the build does not know how to strip.");
}
await writeFile(join(box, "explorer.css"), local);

await mkdir(join(out, "bootstrap"), { recursive: true });
await cp("node_modules/bootstrap/dist/css/bootstrap.min.css", join(out, "bootstrap", "bootstrap.min.css"));
