// @ts-check

/** The portal gave no token, and says why. */
class TokenRefused extends Error {
    /**
     * @param {string} state which card tells the person
     * @param {string} [reference]
     * @param {number} [retryAfterSeconds]
     */
    constructor(state, reference, retryAfterSeconds) {
        super(`No token: ${state}`);
        this.state = state;
        this.reference = reference;
        this.retryAfterSeconds = retryAfterSeconds;
    }
}

/** The one token of this page. The Explorer asks before each request and once for each file it lists; the portal is asked once. */
class TokenSource {
    static #leastLife = 60_000;
    static #renewBefore = 10 * 60_000;
    #requestToken;
    /** @type {{ value: string, until: number } | undefined} */
    #held;
    /** @type {Promise<string> | undefined} */
    #coming;
    #askedAhead = 0;

    /** @param {string} requestToken proves to the portal that its own page asks */
    constructor(requestToken) {
        this.#requestToken = requestToken;
    }

    /** A token to use now. Renewed in the background while somebody asks; an idle page asks for nothing. */
    async current() {
        // The wall clock, since it runs on while the machine sleeps.
        const life = (this.#held?.until ?? 0) - Date.now();
        if (!this.#held || life < TokenSource.#leastLife) {
            return await this.#renew();
        }
        if (life < TokenSource.#renewBefore && Date.now() - this.#askedAhead > 60_000) {
            this.#askedAhead = Date.now();
            this.#renew().catch(() => undefined); // the one at hand still serves
        }
        return this.#held.value;
    }

    /**
     * Another token than this one, which Box has refused.
     * @param {string} refused
     */
    async instead(refused) {
        if (this.#held?.value === refused) {
            this.#held = undefined;
            return await this.#renew(refused);
        }
        return await this.current();
    }

    /** @param {string} [refused] */
    #renew(refused) {
        this.#coming ??= this.#ask(refused).finally(() => { this.#coming = undefined; });
        return this.#coming;
    }

    /** @param {string} [refused] */
    async #ask(refused) {
        /** @type {Record<string, string>} */
        const headers = { RequestVerificationToken: this.#requestToken };
        if (refused) {
            headers["Refused-Token"] = await fingerprint(refused);
        }
        let answer, body;
        try {
            answer = await fetch("/explorer/token", { method: "POST", headers, redirect: "error", signal: AbortSignal.timeout(10_000) });
            body = await answer.json().catch(() => ({}));
        } catch (error) {
            throw new TokenRefused(error instanceof DOMException && error.name === "TimeoutError" ? "box-unavailable" : "offline");
        }
        if (!answer.ok) {
            const known = { 400: "page-outdated", 401: "signed-out", 429: "busy" }[answer.status];
            throw new TokenRefused(known ?? body.state ?? "box-unavailable", body.reference, body.retryAfterSeconds ?? (Number(answer.headers.get("retry-after")) || 0));
        }
        // By the portal's clock from end to end: this machine's may be wrong.
        const now = Date.parse(answer.headers.get("date") ?? "") || Date.now();
        this.#held = { value: body.accessToken, until: Date.now() + Date.parse(body.expiresAt) - now };
        return this.#held.value;
    }
}

/** @param {string} token */
async function fingerprint(token) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
    return Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, "0")).join("").slice(0, 16);
}

/**
 * Shows a folder and all below it in Box Content Explorer while the element is in the page, and says in the portal's own words
 * when it cannot. The address and the way back follow the folder that is open. Tokens live in a TokenSource and nowhere else. Events: `explorer-navigate` (`{ id, name }`), `explorer-state`.
 */
class BoxExplorer extends HTMLElement {
    #tokens = new TokenSource(this.#attribute("request-token"));
    /** @type {Record<string, string>} */
    #words = JSON.parse(this.#attribute("words"));
    /** @type {any} Box publishes no types for the prebuilt script. */
    #explorer;
    #stage = document.createElement("div");
    /** @type {Promise<boolean> | undefined} */
    #loaded;
    /** @type {object} Box's own words; none for English, which its scripts bring. */
    #language = {};
    /** @type {Promise<import("./ExplorerTools.razor.js").ExplorerTools> | undefined} */
    #tools;
    /** @type {any} Box's, while its dialog is open. */
    #uploader;
    /** @type {((uploader: any) => void) | undefined} What to hand to Box's uploader once it stands. */
    #toUpload;
    /** @type {any[]} Failed requests of the Explorer, newest last: all it tells of a failure is the answer's body. */
    #failures = [];
    #folderId = "0";
    #canUploadHere = false;
    #hasListed = false;
    /** @type {(() => void) | undefined} */
    #onceListed;
    /** @type {Map<string, string> | undefined} Names of what the top holds, by ID; once it was listed. */
    #top;
    #looking = false;
    /** @type {{ key: string | null | undefined, at: number }} The row last clicked, or opened with Enter. */
    #row = { key: undefined, at: 0 };
    #tries = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #timer;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #noticeTimer;
    /** @type {Element | null} Of the dialog that is open. */
    #dialogField = null;
    #leaving = new AbortController();

    connectedCallback() {
        const { signal } = this.#leaving;
        this.#folderId = this.#attribute("start-id");
        this.#stage.className = "explorer-stage";
        this.addEventListener("click", event => this.#clicked(event), { signal });
        for (const type of ["click", "keydown"]) {
            this.#stage.addEventListener(type, event => this.#noteRow(event), { capture: true, signal });
        }
        window.addEventListener("online", () => this.dataset.state === "offline" && this.#retry(), { signal });
        window.addEventListener("popstate", () => {
            this.#leadHere();
            this.#goTo(this.#addressed());
        }, { signal });
        document.addEventListener("access-changed", () => void this.#lookForChanges(), { signal });
        document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#timer && this.#retry(), { signal });
        for (const type of /** @type {const} */ (["dragenter", "dragover", "dragleave", "drop"])) {
            document.addEventListener(type, event => this.#dragged(event), { signal });
        }
        document.addEventListener("preview-download", event => this.#explorer?.getComponent()?.download(/** @type {CustomEvent} */ (event).detail), { signal });
        document.addEventListener("error", event => this.#previewMissing(event.target), { capture: true, signal });
        new MutationObserver(() => {
            this.#nameProgressBars();
            this.#enterDialog();
        }).observe(this, { childList: true, subtree: true });
        void this.#open();
    }

    disconnectedCallback() {
        this.#leaving.abort();
        clearTimeout(this.#timer);
        this.#explorer?.hide();
    }

    async #open() {
        // Asked for at once and together; whichever fails has a card of its own.
        const token = this.#token();
        this.#loaded ??= Promise.all([this.#loadLanguage(), import(this.#attribute("script-src")), styleSheet(this.#attribute("style-href"))])
            .then(() => true, () => false);
        try {
            await token;
        } catch {
            return; // #token has shown why
        }
        if (!await this.#loaded) {
            this.#show("not-loaded");
            return;
        }
        if (!this.#leaving.signal.aborted && !this.#explorer) {
            this.querySelector(".explorer-skeleton")?.remove();
            this.querySelector(".explorer-tools")?.after(this.#stage);
            this.#mount();
        }
    }

    #mount() {
        this.#explorer = new (/** @type {any} */ (window).Box.ContentExplorer)();
        this.#explorer.addListener("navigate", (/** @type {{ id: string, name: string }} */ { id, name }) => {
            this.#remember(id);
            this.dispatchEvent(new CustomEvent("explorer-navigate", { bubbles: true, detail: { id, name } }));
        });
        this.#explorer.addListener("select", (/** @type {any[]} */ [item]) => this.#selected(item));
        this.#explorer.addListener("download", (/** @type {any[]} */ [item]) => this.#notice(this.#say("downloading", item.name)));
        this.#explorer.show(this.#attribute("folder-id"), this.#tokenFor, {
            ...this.#language,
            container: this.#stage,
            currentFolderId: this.#folderId,
            apiHost: this.#attribute("api-host"),
            uploadHost: this.#attribute("upload-host"),
            ...this.#previewProps(),
            canShare: this.hasAttribute("can-share"),
            canSetShareAccess: this.hasAttribute("can-share"),
            itemActions: this.#itemActions(),
            contentUploaderProps: {
                isFolderUploadEnabled: true,
                componentRef: (/** @type {any} */ uploader) => {
                    this.#uploader = uploader;
                    queueMicrotask(() => this.#feed());
                },
                // Once a folder is made and nothing else is on its way, the uploader forgets to send what is in the folder.
                onBeforeUpload: (/** @type {any[]} */ [file]) => file?.options?.folderId && setTimeout(() => this.#uploader?.upload()),
            },
            requestInterceptor: (/** @type {any} */ request) => this.#guard(request),
            responseInterceptor: (/** @type {any} */ answer) => this.#heard(answer),
        });
    }

    #previewProps() {
        return {
            // The Explorer tells of a click on a file only where it may preview: see #selected.
            canPreview: true,
            contentPreviewProps: { ...this.#language, contentSidebarProps: { ...this.#language, detailsSidebarProps: { hasProperties: true, hasVersions: false } } },
            ...(this.#attribute("preview") === "Cdn"
                ? {}
                : { staticHost: location.origin, staticPath: "box/preview", previewLibraryVersion: "local" }),
        };
    }

    /** What a row's menu offers beside Box's own acts, as the item's permissions allow. */
    #itemActions() {
        /** @type {(word: string, act: "copy" | "move" | "zip" | "newVersion", allows: (item: any) => boolean) => object} */
        const action = (word, act, allows) => ({
            label: this.#words[word],
            filter: (/** @type {any} */ item) => allows({ can: item.permissions ?? {}, type: item.type }),
            onAction: (/** @type {any} */ item) => void this.#use(tools => tools[act]([item])),
        });
        return [
            action("copy", "copy", ({ can, type }) => can.can_download && type !== "web_link"),
            action("move", "move", ({ can }) => can.can_rename && can.can_delete),
            action("zip", "zip", ({ can, type }) => can.can_download && type === "folder"),
            action("newVersion", "newVersion", ({ can, type }) => can.can_upload && type === "file"),
        ];
    }

    /** Does something with what stands beside the Explorer. */
    async #use(/** @type {(tools: import("./ExplorerTools.razor.js").ExplorerTools) => unknown} */ act) {
        try {
            await act(await this.#loadTools());
        } catch (error) {
            console.error(error);
            this.#notice(this.#say("toolsMissing"));
        }
    }

    /** Their script comes when it is first needed. */
    #loadTools() {
        this.#tools ??= import(this.#attribute("tools-src")).then(
            ({ ExplorerTools }) => new ExplorerTools(this, {
                say: (/** @type {string} */ key, /** @type {any[]} */ ...values) => this.#say(key, ...values),
                notice: (/** @type {string} */ words) => this.#notice(words),
                token: this.#tokenFor,
                language: this.#language,
                call: (/** @type {string} */ method, /** @type {string} */ path, /** @type {unknown} */ body) => this.#call(method, path, body),
                guard: (/** @type {any} */ request) => this.#guard(request, false),
                upload: (/** @type {(uploader: any) => void} */ hand) => this.#upload(hand),
                dontUpload: (/** @type {{ name: string, parent: { id: string } }} */ { name, parent }) => {
                    const item = this.#uploader?.itemsRef.current.find((/** @type {any} */ { file, api }) => file?.name === name && api.folderId === parent.id);
                    item && this.#uploader.removeFileFromUploadQueue(item);
                },
                changed: () => this.#listAgain(),
            }),
            error => {
                this.#tools = undefined; // another try may reach it
                throw error;
            });
        return /** @type {Promise<import("./ExplorerTools.razor.js").ExplorerTools>} */ (this.#tools);
    }

    /** Until the list is there, or a card in its place. */
    #listAgain() {
        const listed = new Promise(resolve => {
            this.#onceListed = () => setTimeout(resolve, 100); // the Explorer draws what it has heard a moment later
            setTimeout(resolve, 10_000);
        });
        this.#retry();
        return listed;
    }

    async #loadLanguage() {
        if (this.hasAttribute("messages-src")) {
            this.#language = { language: this.#attribute("language"), messages: (await import(this.#attribute("messages-src"))).default };
        }
    }

    /** Opens Box's upload dialog and hands it what to send. */
    #upload(/** @type {(uploader: any) => void} */ hand) {
        this.#toUpload = hand;
        this.#explorer.getComponent()?.upload();
        setTimeout(() => {
            if (this.#toUpload === hand) { // no dialog came: what lies ready must not go into the next one, and so into another folder
                this.#toUpload = undefined;
                this.#notice(this.#say("dropNowhere"));
            }
        }, 3_000);
    }

    #feed() {
        if (this.#uploader) {
            this.#toUpload?.(this.#uploader);
            this.#toUpload = undefined;
        }
    }

    /** Files and folders dropped anywhere on the page go into the folder that is open. */
    #dragged(/** @type {DragEvent} */ event) {
        const at = event.target instanceof Element ? event.target : null;
        if (!event.dataTransfer?.types.includes("Files")) {
            return;
        }
        event.preventDefault(); // or the browser would leave the page for the file
        if (at?.closest("[role=dialog]")) {
            return; // Box's upload dialog takes what is dropped on it
        }
        const may = this.#canUploadHere && this.dataset.state === "ready" && !document.querySelector("dialog[open]");
        event.dataTransfer.dropEffect = may ? "copy" : "none";
        if (event.type === "drop") {
            delete this.dataset.drop;
            if (may) {
                const items = [...event.dataTransfer.items].filter(item => item.kind === "file").map(held);
                this.#upload(uploader => uploader.addDroppedItemsToUploadQueue({ items }, uploader.upload));
            }
        } else if (event.type !== "dragleave") {
            this.dataset.drop = may ? "here" : "nowhere";
        } else if (!event.relatedTarget) {
            delete this.dataset.drop;
        }
    }

    /** Box's preview would wait for its library for ever. */
    #previewMissing(/** @type {EventTarget | null} */ element) {
        if (element instanceof HTMLScriptElement && element.src.endsWith("/preview.js")) {
            element.remove(); // so that the next preview asks for it again
            this.#explorer?.getComponent()?.closeModals();
            this.#notice(this.#say("previewMissing"));
        }
    }

    /** With several ids, the Explorer only gives a chance to prepare. */
    #tokenFor = async (/** @type {string | string[]} */ ids) => {
        const token = await this.#token();
        return Array.isArray(ids) ? Object.fromEntries(ids.map(id => [id, token])) : token;
    };

    async #token() {
        try {
            return await this.#tokens.current();
        } catch (refusal) {
            this.#refused(refusal);
            throw refusal;
        }
    }

    /**
     * Sends a request once more with a new token where Box refuses the one it bore: the Explorer itself would give up. Before a file
     * takes another's place, the person is asked.
     * @param {any} request
     * @param {boolean} [isExplorers] or else of something beside it, whose failures it tells itself
     */
    #guard(request, isExplorers = true) {
        const send = request.adapter;
        if (send.guarded) {
            return request; // the Explorer repeats the same request after a 429 or a broken connection
        }
        this.#folderId = (isExplorers && listed(request)?.groups?.id) || this.#folderId;
        request.adapter = async (/** @type {any} */ config) => {
            try {
                return await this.#askBeforeReplacing(config, () => this.#sendTwice(send, config));
            } catch (error) {
                if (isExplorers) {
                    this.#failures = [...this.#failures.slice(-9), error instanceof TokenRefused ? Object.assign(error, { config }) : error];
                }
                throw error;
            }
        };
        request.adapter.guarded = true;
        return request;
    }

    /** @param {(config: any) => Promise<any>} send */
    async #sendTwice(send, /** @type {any} */ config) {
        try {
            return await send(config);
        } catch (error) {
            const bearer = String(config.headers?.Authorization ?? "").replace("Bearer ", "");
            if (/** @type {any} */ (error).response?.status !== 401 || !bearer) {
                throw error;
            }
            config.headers.Authorization = `Bearer ${await this.#tokens.instead(bearer)}`;
            return await send(config);
        }
    }

    /**
     * Box's uploader knows just one answer to a name in use, and replaces the file without a word.
     * @param {() => Promise<any>} send
     */
    async #askBeforeReplacing(/** @type {any} */ config, send) {
        return /\/files\/(content|upload_sessions)(\?|$)/.test(config.url) ? (await this.#loadTools()).sendUpload(config, send) : send();
    }

    /** Asks Box for something itself, with the page's token. @returns {Promise<Response>} */
    async #call(/** @type {string} */ method, /** @type {string} */ path, /** @type {unknown} */ body) {
        const ask = (/** @type {string} */ token) => fetch(this.#attribute("api-host") + path, {
            method,
            headers: { Authorization: `Bearer ${token}`, ...(body ? { "Content-Type": "application/json" } : {}) },
            body: body ? JSON.stringify(body) : undefined,
            signal: AbortSignal.timeout(30_000),
        });
        const token = await this.#token();
        const answer = await ask(token);
        return answer.status === 401 ? await ask(await this.#tokens.instead(token)) : answer;
    }

    /** The only hook there is for answers: an axios response, or of a failure its body (the error itself where there is none). */
    #heard(/** @type {any} */ answer) {
        const failure = this.#failures.findLast(error => error === answer || (error.response && error.response.data === answer));
        if (failure) {
            this.#failed(failure);
        } else if (listed(answer?.config)) {
            this.#listed(answer);
        }
        return answer;
    }

    #failed(/** @type {any} */ error) {
        const status = error.response?.status;
        if (error.code === "ERR_CANCELED") {
            return;
        }
        if (error instanceof TokenRefused) {
            this.#refused(error);
        } else if (!listed(error.config)) {
            if (error.config.method === "delete") {
                this.#notice(this.#say(status === 403 ? "deleteRefused" : "deleteFailed")); // the Explorer says nothing
            }
        } else if (!listed(error.config)?.groups?.id) {
            this.#notice(this.#say("searchFailed"));
            setTimeout(() => this.#retry()); // once the Explorer has drawn its own error, which locks the search
        } else if (!error.response) {
            void this.#explainSilence();
        } else if (status === 403 || status === 404) {
            this.#show(this.#folderId === this.#attribute("folder-id") ? "refused" : "folder-gone");
        } else {
            this.#show(status === 429 ? "busy" : status === 401 ? "refused" : "box-unavailable");
        }
    }

    /** A browser tells alike of a service that does not answer, and of one that does not answer pages from here. */
    async #explainSilence() {
        if (!navigator.onLine) {
            this.#show("offline");
            return;
        }
        const answers = !this.#hasListed
            && await fetch(this.#attribute("api-host"), { mode: "no-cors", signal: AbortSignal.timeout(5_000) }).then(() => true, () => false);
        this.#show(answers ? "origin-unknown" : "box-unavailable");
    }

    #refused(/** @type {unknown} */ refusal) {
        if (refusal instanceof TokenRefused && ["not-mapped", "suspended", "app-user-gone", "foreign"].includes(refusal.state)) {
            location.reload(); // the portal knows why, and draws the page with it
        } else if (refusal instanceof TokenRefused) {
            this.#show(refusal.state, refusal.reference, refusal.retryAfterSeconds);
        }
    }

    #listed(/** @type {any} */ answer) {
        const folder = answer.data;
        if (!folder?.item_collection && !folder?.entries) {
            this.#show("box-unavailable"); // some proxy's page, or nothing at all, sent as if it were the list
            return;
        }
        this.#hasListed = true;
        if (this.#attribute("preview") === "Off") {
            for (const item of folder.item_collection?.entries ?? folder.entries) {
                item.permissions = { ...item.permissions, can_preview: false };
            }
        }
        const isTop = folder.type === "folder" && folder.id === this.#attribute("folder-id");
        if (isTop && !this.hasAttribute("can-upload-at-top")) {
            folder.permissions = { ...folder.permissions, can_upload: false };
        }
        this.#canUploadHere = !!folder.permissions?.can_upload;
        if (isTop) {
            const { entries = [], total_count: total = 0 } = folder.item_collection ?? {};
            this.#top = entries.length === total ? named(entries) : undefined;
            if (folder.item_collection?.total_count === 0) {
                void this.#explainEmpty();
                return;
            }
        }
        this.#tries = 0;
        this.#show("ready");
        if (!this.#top) {
            void this.#listTop().then(top => { this.#top ??= top; }, () => undefined); // to know what is new when something is
        }
    }

    /** Makes the folder that is open the page's address: a reload, a bookmark and the way back lead here. */
    #remember(/** @type {string} */ id) {
        if (id !== this.#addressed()) {
            history.pushState(null, "", id === this.#attribute("folder-id") ? "/files" : `/files/${id}`);
            this.#leadHere();
        }
    }

    /** What else on the page leads back to it leads to the folder that is open. */
    #leadHere() {
        document.querySelector(".skip-link")?.setAttribute("href", `${location.pathname}#content`);
        document.querySelector(".languages [name=returnUrl]")?.setAttribute("value", location.pathname);
    }

    /** The folder that the address names. */
    #addressed() {
        return /^\/files\/(\d+)$/.exec(location.pathname)?.[1] ?? this.#attribute("folder-id");
    }

    #goTo(/** @type {string} */ id) {
        if (id !== this.#folderId) {
            this.#folderId = id;
            this.#retry();
        }
    }

    /** Somebody changed what the person can see. Box lists it when it lists it: looks until it does, for a minute. */
    async #lookForChanges() {
        if (this.#looking || this.dataset.state !== "ready") {
            return;
        }
        this.#looking = true;
        try {
            const before = this.#top ?? await this.#listTop();
            for (let looks = 0; looks < 30 && !this.#leaving.signal.aborted; looks++) {
                const now = await this.#listTop().catch(() => undefined);
                if (!now) {
                    await new Promise(resolve => setTimeout(resolve, 15_000)); // Box has no time now
                    continue;
                }
                const come = [...now].filter(([id]) => !before.has(id)).map(([, name]) => name);
                const gone = [...before].filter(([id]) => !now.has(id)).map(([, name]) => name);
                if (come.length + gone.length > 0) {
                    this.#top = now;
                    if (gone.length > 0 || this.#folderId === this.#attribute("folder-id")) {
                        this.#retry();
                    }
                    this.#notice([come.length > 0 ? this.#say("come", come.join(", ")) : "", gone.length > 0 ? this.#say("gone", gone.join(", ")) : ""].join(" ").trim());
                    return;
                }
                await new Promise(resolve => setTimeout(resolve, 2_000));
            }
        } catch {
            // no token: whatever the person does next says why
        } finally {
            this.#looking = false;
        }
    }

    async #listTop() {
        const url = `${this.#attribute("api-host")}/2.0/folders/${this.#attribute("folder-id")}/items?limit=1000&fields=id,name`;
        const answer = await fetch(url, { headers: { Authorization: `Bearer ${await this.#tokens.current()}` }, signal: AbortSignal.timeout(10_000) });
        if (!answer.ok) {
            throw new Error(`Box answered ${answer.status}.`);
        }
        return named((await answer.json()).entries);
    }

    /** The Explorer says "no items" alike for an empty folder and for somebody to whom nobody gave anything. */
    async #explainEmpty() {
        try {
            const answer = await fetch("/explorer/empty", {
                method: "POST", headers: { RequestVerificationToken: this.#attribute("request-token") }, redirect: "error", signal: AbortSignal.timeout(10_000),
            });
            const body = await answer.json();
            this.#show(answer.ok && body.state !== "has-folders" ? body.state : "ready", body.reference);
            this.querySelector(".explorer-state [data-folders]")?.replaceChildren(...body.folders.map(linked));
        } catch {
            this.#show("ready");
        }
        // Box tells nobody of a new folder: look, while somebody looks at the page.
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => void this.#watchRoot(), 5_000);
    }

    async #watchRoot() {
        try {
            if (document.visibilityState === "visible" && (await this.#listTop()).size > 0) {
                this.#retry();
                return;
            }
        } catch {
            // the next look finds out
        }
        this.#timer = setTimeout(() => void this.#watchRoot(), 5_000);
    }

    #retry() {
        clearTimeout(this.#timer);
        this.#timer = undefined;
        if (this.#explorer) {
            this.#explorer.navigateTo(this.#folderId);
        } else {
            void this.#open();
        }
    }

    #noteRow(/** @type {Event} */ event) {
        const target = event.target instanceof Element ? event.target : null;
        if (!(event instanceof KeyboardEvent) || event.key === "Enter") {
            this.#row = { key: target?.closest("button") ? undefined : target?.closest("[data-key][role=row]")?.getAttribute("data-key"), at: event.timeStamp };
        }
    }

    /**
     * Opening a file that cannot be previewed means downloading it. The Explorer tells of a selection after any act on a row, so only one just
     * opened counts.
     */
    #selected(/** @type {any} */ item) {
        if (item.type === "file" && !item.permissions?.can_preview && item.id === this.#row.key && performance.now() - this.#row.at < 1_000) {
            this.#row = { key: undefined, at: 0 };
            this.#explorer.getComponent()?.download(item);
        }
    }

    #clicked(/** @type {MouseEvent} */ event) {
        const target = event.target instanceof Element ? event.target : null;
        if (target?.closest("[data-tool=several]")) {
            void this.#use(tools => tools.several(this.#folderId));
        }
        if (target?.closest("[data-retry]")) {
            this.#retry();
        } else if (target?.closest("[data-home]")) {
            this.#folderId = this.#attribute("folder-id");
            this.#remember(this.#folderId);
            this.#retry();
        }
    }

    /**
     * Covers the Explorer with the card for a state, or with "ready" uncovers it.
     * @param {string} state
     * @param {string} [reference]
     * @param {number} [retryAfterSeconds]
     */
    #show(state, reference, retryAfterSeconds) {
        this.#onceListed?.();
        const changed = this.dataset.state !== state;
        const layer = /** @type {HTMLElement} */ (this.querySelector(".explorer-state"));
        clearTimeout(this.#timer);
        this.#timer = undefined;
        if (changed) {
            const template = this.querySelector(`template[data-state="${state}"]`);
            layer.replaceChildren(...(template instanceof HTMLTemplateElement ? [template.content.cloneNode(true)] : []));
            layer.querySelector("a[href^='/authentication/login']")?.setAttribute("href", `/authentication/login?returnUrl=${location.pathname}`);
            layer.querySelectorAll("[data-origin]").forEach(place => { place.textContent = location.origin; });
            layer.querySelectorAll("time").forEach(time => { time.dateTime = new Date().toISOString(); });
            this.#stage.inert = state !== "ready";
            this.dataset.state = state;
            this.dispatchEvent(new CustomEvent("explorer-state", { bubbles: true, detail: { state } }));
        }
        const number = layer.querySelector(".state-reference .id");
        if (number && (changed || reference)) {
            number.textContent = reference ?? this.#attribute("reference");
        }
        const wait = layer.querySelector("[data-wait]");
        if (wait instanceof HTMLElement) {
            // Longer from try to try, and not all browsers in the same second.
            const seconds = Math.max(retryAfterSeconds ?? 0, Math.min(60, 15 * 2 ** this.#tries++)) + Math.floor(4 * Math.random());
            this.#countDown(wait, seconds);
        }
    }

    #countDown(/** @type {HTMLElement} */ wait, /** @type {number} */ seconds) {
        if (seconds <= 0) {
            wait.textContent = "";
            this.#retry();
            return;
        }
        wait.textContent = this.#say("wait", seconds);
        this.#timer = setTimeout(() => this.#countDown(wait, seconds - 1), 1_000);
    }

    #notice(/** @type {string} */ words) {
        const notice = /** @type {HTMLElement} */ (this.querySelector(".explorer-notice"));
        notice.hidePopover();
        notice.showPopover(); // above whatever dialog is open now
        notice.textContent = words;
        clearTimeout(this.#noticeTimer);
        this.#noticeTimer = setTimeout(() => { notice.textContent = ""; }, 8_000);
    }

    /** The portal's words for something. @param {string} key @param {any[]} values for {0}, {1} and so on */
    #say(key, ...values) {
        return this.#words[key].replace(/\{(\d)\}/g, (_, place) => isolated(`${values[place]}`));
    }

    /** Box leaves its progress bar without a name. */
    #nameProgressBars() {
        this.querySelectorAll(".be-progress:not([aria-label])").forEach(bar => bar.setAttribute("aria-label", this.#say("loading")));
    }

    /** A menu that closes gives the focus back to its button, and so takes it from the dialog that it has just opened. */
    #enterDialog() {
        const field = this.#stage.querySelector("[role=dialog] input[type=text]");
        if (field !== this.#dialogField) {
            this.#dialogField = field;
            setTimeout(() => {
                if (field instanceof HTMLElement && field.isConnected && !field.closest("[role=dialog]")?.contains(document.activeElement)) {
                    field.focus();
                }
            }, 300);
        }
    }

    /** @param {string} name */
    #attribute(name) {
        return this.getAttribute(name) ?? "";
    }
}

/** What was dropped, to be read after the event: its own list is emptied then. */
function held(/** @type {DataTransferItem} */ item) {
    const [entry, file] = [item.webkitGetAsEntry(), item.getAsFile()];
    return { kind: item.kind, type: item.type, getAsFile: () => file, webkitGetAsEntry: () => entry ?? { isFile: true, isDirectory: false, name: file?.name, file: (/** @type {(file: File | null) => void} */ done) => done(file) } };
}

/** Whether, and of which folder, a request asks for what the Explorer's list shows. */
function listed(/** @type {any} */ request) {
    return request?.method === "get" ? /\/2\.0\/(folders\/(?<id>\d+)|search|recent_items)(\?|$)/.exec(request.url) : null;
}

/** A line of a list with a folder's address. */
function linked(/** @type {{ id: string, name: string }} */ { id, name }) {
    const line = document.createElement("li");
    line.append(Object.assign(document.createElement("a"), { href: `/files/${id}`, textContent: name }));
    return line;
}

/** A value in a sentence of ours: signs in it that turn the direction of writing, e.g. U+202E, end with it. As the portal's own pages do. */
function isolated(/** @type {string} */ value) {
    return /[\u202a-\u202e\u2066-\u2069]/.test(value) ? `\u2068${value.replace(/[\u2066-\u2069]/g, "")}\u2069` : value;
}

/** Names by ID. */
function named(/** @type {{ id: string, name: string }[]} */ items) {
    return new Map(items.map(({ id, name }) => [id, name]));
}

/** @param {string} href */
function styleSheet(href) {
    return new Promise((resolve, reject) => {
        const link = document.createElement("link");
        Object.assign(link, { rel: "stylesheet", href, onload: resolve, onerror: reject });
        document.head.append(link);
    });
}

customElements.define("box-explorer", BoxExplorer);
