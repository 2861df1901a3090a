// @ts-check
// Stands where Box's preview library would, which is not to be had but from Box's CDN: the Explorer loads this file in its place, finds
// Box.Preview and draws its own frame around it. Shows images, text, Markdown, and PDFs in the browser's own viewer, all from the
// representations that Box makes of a file, so that whoever may only preview sees it too. Anything else is said to have no preview.
(() => {
    const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;
    const words = JSON.parse(document.querySelector("box-explorer")?.getAttribute("words") ?? "{}");

    class Preview {
        /** @type {Map<string, ((news: any) => void)[]>} */
        #listeners = new Map();
        /** @type {Map<string, any>} */
        #files = new Map();
        /** @type {string[]} */
        #addresses = [];
        #leaving = new AbortController();
        #isLoaded = false;

        addListener(/** @type {string} */ event, /** @type {(news: any) => void} */ heard) {
            this.#listeners.set(event, [...this.#listeners.get(event) ?? [], heard]);
        }

        removeAllListeners() {
            this.#listeners.clear();
        }

        updateFileCache(/** @type {any[]} */ files) {
            files.forEach(file => this.#files.set(file.id, file));
        }

        /**
         * @param {string} id of a file in the cache
         * @param {(id: string) => Promise<Record<string, string>>} token
         * @param {{ container: string }} options
         */
        async show(id, token, { container }) {
            const stage = /** @type {HTMLElement} */ (document.querySelector(container));
            const file = this.#files.get(id);
            this.#isLoaded = false;
            stage.replaceChildren();
            try {
                stage.append(await this.#draw(file, async () => Object.values(await token(`file_${id}`))[0]) ?? told("previewNone", "previewHint", "previewDownload", file, () => download(file)));
            } catch {
                if (!this.#leaving.signal.aborted) {
                    stage.append(told("previewFailed", "", "previewAgain", undefined, () => void this.show(id, token, { container })));
                }
            }
            this.#isLoaded = true;
            this.#listeners.get("load")?.forEach(heard => heard({ file, metrics: {}, viewer: this.getCurrentViewer() }));
        }

        /** @returns {Promise<HTMLElement | undefined>} nothing where there is no representation to draw */
        async #draw(/** @type {any} */ file, /** @type {() => Promise<string>} */ token) {
            // A text or a PDF has a picture of itself, too, for lists.
            const best = ["text", "pdf", "jpg", "png"];
            const known = (file.representations?.entries ?? []).filter((/** @type {any} */ { representation }) => best.includes(representation));
            for (const representation of known.sort((/** @type {any} */ one, /** @type {any} */ other) => best.indexOf(one.representation) - best.indexOf(other.representation))) {
                const draw = /** @type {Record<string, (content: Blob, file: any) => Promise<HTMLElement>>} */ ({
                    jpg: blob => this.#image(blob, file), png: blob => this.#image(blob, file), text: blob => text(blob, file), pdf: blob => this.#pdf(blob, file),
                })[representation.representation];
                if (draw && await this.#isReady(representation, token)) {
                    const asset = representation.properties?.paged === "true" ? "1.png" : "";
                    return await draw(await (await this.#fetch(representation.content.url_template.replace("{+asset_path}", asset), token)).blob(), file);
                }
            }
        }

        /** Box makes a representation when it is first asked for one. */
        async #isReady(/** @type {any} */ { status, info }, /** @type {() => Promise<string>} */ token) {
            for (let tries = 0; tries < 10 && (status.state === "none" || status.state === "pending"); tries++) {
                await new Promise(resolve => setTimeout(resolve, tries * 1_000));
                ({ status } = await (await this.#fetch(info.url, token)).json());
            }
            return status.state === "success" || status.state === "viewable";
        }

        async #fetch(/** @type {string} */ url, /** @type {() => Promise<string>} */ token) {
            const answer = await fetch(url, { headers: { Authorization: `Bearer ${await token()}` }, signal: this.#leaving.signal });
            if (!answer.ok) {
                throw new Error(`Box answered ${answer.status}.`);
            }
            return answer;
        }

        async #image(/** @type {Blob} */ content, /** @type {any} */ file) {
            const image = Object.assign(document.createElement("img"), { className: "preview-image", src: this.#address(content), alt: file.name });
            await image.decode();
            return image;
        }

        async #pdf(/** @type {Blob} */ content, /** @type {any} */ file) {
            return Object.assign(document.createElement("iframe"), { className: "preview-pdf", title: file.name, src: this.#address(new Blob([content], { type: "application/pdf" })) });
        }

        #address(/** @type {Blob} */ content) {
            this.#addresses.push(URL.createObjectURL(content));
            return /** @type {string} */ (this.#addresses.at(-1));
        }

        getCurrentViewer() {
            return { isLoaded: () => this.#isLoaded, isDestroyed: () => this.#leaving.signal.aborted, allowNavigationArrows: () => true, onKeydown() {}, emit() {}, getThumbnail() {} };
        }

        destroy() {
            this.#leaving.abort();
            this.#addresses.forEach(URL.revokeObjectURL);
        }

        canPrint() {
            return false;
        }

        download() {
            download([...this.#files.values()].at(-1));
        }

        prefetch() {}
        print() {}
        resize() {}
        updateToken() {}
    }

    /** The Explorer downloads; see BoxExplorer.razor.js. */
    function download(/** @type {any} */ file) {
        document.dispatchEvent(new CustomEvent("preview-download", { detail: file }));
    }

    async function text(/** @type {Blob} */ content, /** @type {any} */ file) {
        const source = await content.text();
        if (!["md", "markdown"].includes(file.extension?.toLowerCase())) {
            return Object.assign(document.createElement("pre"), { className: "preview-text", tabIndex: 0, textContent: source });
        }
        const [{ Marked }, { default: purify }] = await Promise.all([import(new URL("../marked.js", here).href), import(new URL("../purify.js", here).href)]);
        const page = Object.assign(document.createElement("article"), { className: "preview-markdown", tabIndex: 0 });
        // A file is anybody's: HTML in it is shown as text, pictures by their words, and whatever is left to run or to pose as the portal's own goes.
        const marked = new Marked({ renderer: { html: ({ text }) => escaped(text), image: ({ text }) => escaped(text) } });
        page.append(purify.sanitize(marked.parse(source), { RETURN_DOM_FRAGMENT: true, USE_PROFILES: { html: true }, FORBID_ATTR: ["style", "class", "id"] }));
        page.querySelectorAll("a").forEach(link => Object.assign(link, { target: "_blank", rel: "noopener noreferrer" }));
        return page;
    }

    function escaped(/** @type {string} */ words) {
        return words.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`);
    }

    /** Says something by the keys of its words. */
    function told(/** @type {string} */ title, /** @type {string} */ hint, /** @type {string} */ label, /** @type {any} */ file, /** @type {() => void} */ act) {
        const mayAct = !file || file.permissions?.can_download;
        const box = Object.assign(document.createElement("div"), { className: "preview-told", role: "status" });
        box.append(Object.assign(document.createElement("h2"), { textContent: words[title] }));
        if (hint && mayAct) {
            box.append(Object.assign(document.createElement("p"), { textContent: words[hint] }));
        }
        if (mayAct) {
            const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-primary", textContent: words[label] });
            button.addEventListener("click", act);
            box.append(button);
        }
        return box;
    }

    const global = /** @type {any} */ (window);
    (global.Box ??= {}).Preview = Preview;
})();
