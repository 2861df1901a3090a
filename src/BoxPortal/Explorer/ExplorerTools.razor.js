// @ts-check

/**
 * What stands beside the Explorer, since Box's own has none of it: copying, moving, archives, several items at once, new versions, and a
 * question before a file takes another's place. Picks with Box's Content Picker.
 */
export class ExplorerTools {
    #element;
    #page;
    /** @type {Promise<unknown> | undefined} */
    #picker;
    /** @type {Map<string, string>} Names to give to what is being sent, by folder and the name it has. */
    #renamed = new Map();
    /** @type {{ forAll?: string }} What is to be done with all other names in use of the uploads under way. */
    #uploads = {};
    #sending = 0;
    #idle = 0;
    /** @type {Promise<unknown>} One question at a time. */
    #asked = Promise.resolve();

    /**
     * @param {HTMLElement} element holds the dialogs, and the addresses of scripts in its attributes
     * @param {{
     *   say: (key: string, ...values: any[]) => string, notice: (words: string) => void, token: (ids: string | string[]) => Promise<any>, language: object,
     *   call: (method: string, path: string, body?: unknown) => Promise<Response>, guard: (request: any) => any,
     *   upload: (hand: (uploader: any) => void) => void, dontUpload: (file: { name: string, parent: { id: string } }) => void, changed: () => Promise<unknown> }} page what the page lends
     */
    constructor(element, page) {
        [this.#element, this.#page] = [element, page];
    }

    /** @param {Item[]} items */
    async copy(items) {
        const words = { title: "copyTitle", titleSeveral: "copyTitleSeveral", into: "copyInto", done: "copyDone" };
        await this.#place(words, items, (item, id, name) => this.#page.call("POST", `/2.0/${item.type}s/${item.id}/copy`, { parent: { id }, name }));
    }

    /** @param {Item[]} items */
    async move(items) {
        const words = { title: "moveTitle", titleSeveral: "moveTitleSeveral", into: "moveInto", done: "moveDone" };
        await this.#place(words, items, (item, id, name) => this.#page.call("PUT", `/2.0/${item.type}s/${item.id}`, { parent: { id }, name }));
    }

    /** @param {Item[]} items */
    async zip(items) {
        const { say, notice, call } = this.#page;
        notice(say("zipPreparing"));
        const name = items.length === 1 ? items[0].name : say("zipName");
        const answer = await call("POST", "/2.0/zip_downloads", { items: items.map(({ type, id }) => ({ type, id })), download_file_name: name }).catch(() => undefined);
        if (!answer?.ok) {
            notice(say(answer?.status === 403 ? "zipRefused" : "zipFailed"));
            return;
        }
        const frame = Object.assign(document.createElement("iframe"), { hidden: true, title: say("zipName"), src: (await answer.json()).download_url });
        document.body.append(frame);
        setTimeout(() => frame.remove(), 60 * 60_000); // the browser needs it until the last byte
        notice(say("downloading", `${name}.zip`));
    }

    /** Another content for a file, chosen on this machine; under the name it has. @param {Item[]} items */
    newVersion([item]) {
        const chooser = Object.assign(document.createElement("input"), { type: "file" });
        chooser.addEventListener("change", () => {
            const [chosen] = chooser.files ?? [];
            if (chosen) {
                const file = new File([chosen], item.name, { type: chosen.type, lastModified: chosen.lastModified });
                this.#page.upload(uploader => uploader.addFilesToUploadQueue([{ file, options: { fileId: item.id } }], uploader.upload));
            }
        });
        chooser.click();
    }

    /** Picks several items and does one thing with all of them. @param {string} folderId where to begin */
    async several(folderId) {
        /** @type {Item[]} */
        let picked = [];
        const allowed = {
            zip: (/** @type {Item} */ { type, permissions }) => permissions?.can_download && type !== "web_link",
            copy: (/** @type {Item} */ { type, permissions }) => permissions?.can_download && type !== "web_link",
            move: (/** @type {Item} */ { permissions }) => permissions?.can_rename && permissions.can_delete,
            delete: (/** @type {Item} */ { permissions }) => permissions?.can_delete,
        };
        const dialog = this.#dialog("several");
        const answer = await this.#pick(dialog, {
            type: "folder,file,web_link", folderId,
            heard: ({ selectedItems }) => {
                picked = selectedItems;
                for (const [act, allows] of Object.entries(allowed)) {
                    this.#button(dialog, act).disabled = picked.length === 0 || !picked.every(allows);
                }
                this.#fill(dialog, "words", picked.length === 0 ? this.#page.say("severalNone") : this.#page.say("severalPicked", picked.length));
            },
        });
        if (answer === "delete") {
            await this.#deleteAll(picked);
        } else if (answer === "zip" || answer === "copy" || answer === "move") {
            await this[answer](picked);
        }
    }

    /**
     * Sends what Box's uploader sends. Where a file of the name is there already, asks what to do first.
     * @param {any} config of the request; its `data` bears the name
     * @param {() => Promise<any>} send
     */
    async sendUpload(config, send) {
        this.#rename(config);
        clearTimeout(this.#idle);
        this.#sending++;
        try {
            return await send();
        } catch (error) {
            if (config.method !== "options" || !isNameInUse(error)) {
                this.#sayWhy(config, error);
                throw error;
            }
            const { name } = JSON.parse(config.data);
            const answer = await this.#askOnce(this.#page.say("replaceTitle", name), this.#uploads, { mayReplace: true, isOne: false });
            if (answer === "both") {
                return await this.#sendUnderAnotherName(config, send);
            }
            if (answer !== "replace") {
                const { response } = /** @type {any} */ (error);
                response.data = JSON.stringify({ ...JSON.parse(response.data), status: 400 }); // for 409 the uploader would replace it
                this.#page.dontUpload(JSON.parse(config.data));
            }
            throw error;
        } finally {
            if (--this.#sending === 0) {
                this.#idle = setTimeout(() => { this.#uploads = {}; }, 2_000); // between two files there is a moment
            }
        }
    }

    /** Box's uploader has one sentence for most of what can be wrong with a file, and that says to try again. */
    #sayWhy(/** @type {any} */ config, /** @type {any} */ error) {
        const status = error.response?.status;
        const words = /** @type {Record<string, string>} */ ({
            storage_limit_exceeded: "uploadNoSpace",
            file_size_limit_exceeded: "uploadTooLarge",
            item_name_invalid: "uploadBadName",
            item_name_too_long: "uploadBadName",
        })[codeOf(error)] ?? { 403: "uploadRefused", 404: "uploadRefused", 413: "uploadTooLarge" }[/** @type {number} */ (status)];
        if (words && !/\/upload_sessions\/./.test(config.url)) {
            this.#page.notice(this.#page.say(words, placeOf(config).name));
        }
    }

    async #sendUnderAnotherName(/** @type {any} */ config, /** @type {() => Promise<any>} */ send) {
        const { name: original, parent } = JSON.parse(config.data);
        let taken;
        for (const name of otherNames(original)) {
            config.data = JSON.stringify({ ...JSON.parse(config.data), name });
            this.#renamed.set(`${parent.id}/${original}`, name);
            try {
                return await send();
            } catch (error) {
                if (!isNameInUse(error)) {
                    throw error;
                }
                taken = error;
            }
        }
        throw taken;
    }

    /** Gives what is sent the name that was settled when it was asked whether it may. */
    #rename(/** @type {any} */ config) {
        const place = placeOf(config);
        const name = this.#renamed.get(`${place.folderId}/${place.name}`);
        if (name === undefined || config.method === "options") {
            return;
        }
        if (config.data instanceof FormData) {
            config.data.set("attributes", JSON.stringify({ ...JSON.parse(String(config.data.get("attributes"))), name }));
        } else {
            config.data = JSON.stringify({ ...JSON.parse(config.data), file_name: name });
        }
        this.#renamed.delete(`${place.folderId}/${place.name}`);
    }

    /**
     * @param {string} title which name is taken, and where
     * @param {{ forAll?: string }} batch what belongs together; keeps the answer that is given for all of it
     * @param {{ mayReplace: boolean, isOne: boolean }} options
     * @returns {Promise<string>} `replace`, `both` or `skip`
     */
    #askOnce(title, batch, { mayReplace, isOne }) {
        const answer = this.#asked.then(async () => {
            if (batch.forAll) {
                return batch.forAll;
            }
            const dialog = this.#dialog("replace");
            this.#fill(dialog, "title", title);
            for (const part of dialog.querySelectorAll("[data-answer=replace], [data-words]")) {
                /** @type {HTMLElement} */ (part).hidden = !mayReplace;
            }
            const all = /** @type {HTMLInputElement} */ (dialog.querySelector("input"));
            /** @type {HTMLElement} */ (all.parentElement).hidden = isOne;
            all.checked = false;
            const given = await this.#ask(dialog) || "skip";
            batch.forAll = all.checked ? given : undefined;
            return given;
        });
        this.#asked = answer;
        return answer;
    }

    /**
     * @param {Record<"title" | "titleSeveral" | "into" | "done", string>} words
     * @param {Item[]} items
     * @param {(item: Item, folderId: string, name?: string) => Promise<Response>} put
     */
    async #place(words, items, put) {
        const { say } = this.#page;
        /** @type {{ id: string, name: string, permissions?: Record<string, boolean> }} */
        let into = { id: "", name: "" };
        const dialog = this.#dialog("place");
        this.#fill(dialog, "title", items.length === 1 ? say(words.title, items[0].name) : say(words.titleSeveral, items.length));
        const answer = await this.#pick(dialog, {
            type: "folder", folderId: this.#element.getAttribute("folder-id") ?? "", single: true,
            heard: ({ currentFolderId, currentFolderName, selectedItems: [chosen] }) => {
                into = chosen ?? { id: currentFolderId, name: currentFolderName };
                const button = this.#button(dialog, "choose");
                // The top is nobody's group's: what lies there is its owner's alone.
                const isClosed = into.permissions?.can_upload === false; // not known of the folder that is open
                button.disabled = isClosed || !into.id || (into.id === this.#element.getAttribute("folder-id") && !this.#element.hasAttribute("can-upload-at-top"));
                button.textContent = isClosed ? say("dropNowhere") : button.disabled ? say("placeNone") : say(words.into, into.name);
            },
        });
        if (answer === "choose") {
            const batch = {};
            const ask = (/** @type {string} */ name) => this.#askOnce(say("takenTitle", name, into.name), batch, { mayReplace: false, isOne: items.length === 1 });
            await this.#each(
                items,
                item => this.#putUnderFreeName(item, ask, name => put(item, into.id, name)),
                done => say(words.done, done.length === 1 ? done[0].name : say("items", done.length), into.name));
        }
    }

    /**
     * @param {Item} item
     * @param {(name: string) => Promise<string>} ask what to do where something has the name already
     * @param {(name?: string) => Promise<Response>} put
     */
    async #putUnderFreeName(item, ask, put) {
        let answer = await put();
        if (await isTaken(answer) && await ask(item.name) === "both") {
            for (const name of otherNames(item.name, item.type)) {
                answer = await put(name);
                if (!await isTaken(answer)) {
                    break;
                }
            }
        }
        return answer;
    }

    async #deleteAll(/** @type {Item[]} */ items) {
        const { say, call } = this.#page;
        const dialog = this.#dialog("delete");
        this.#fill(dialog, "title", items.length === 1 ? say("deleteTitle", items[0].name) : say("deleteTitleSeveral", items.length));
        this.#fill(dialog, "words", items.map(item => item.name).join(", "));
        if (await this.#ask(dialog) === "delete") {
            await this.#each(items, item => call("DELETE", `/2.0/${item.type}s/${item.id}${item.type === "folder" ? "?recursive=true" : ""}`), done => say("deleteDone", say("items", done.length)));
        }
    }

    /**
     * One after the other; what fails does not keep the rest from being done.
     * @param {Item[]} items
     * @param {(item: Item) => Promise<Response>} act
     * @param {(done: Item[]) => string} words
     */
    async #each(items, act, words) {
        const { say, notice, changed } = this.#page;
        /** @type {Item[]} */
        const done = [];
        /** @type {string[]} */
        const failures = [];
        for (const item of items) {
            if (items.length > 1) {
                notice(say("progress", done.length + failures.length + 1, items.length, item.name));
            }
            const answer = await act(item).catch(() => undefined);
            if (answer?.ok) {
                done.push(item);
            } else {
                const { code } = await answer?.json().catch(() => ({})) ?? {};
                failures.push(say({ item_name_in_use: "failedName", cyclical_folder_structure: "failedCycle" }[code] ?? (answer?.status === 403 ? "failedRefused" : "failedOther"), item.name));
            }
        }
        if (done.length > 0) {
            await changed();
        }
        notice([done.length > 0 ? words(done) : "", ...failures.slice(0, 3), failures.length > 3 ? say("failedMore", failures.length - 3) : ""].join(" ").trim());
    }

    /**
     * Shows Box's picker in a dialog until a button of the dialog is pressed.
     * @param {HTMLDialogElement} dialog
     * @param {{ type: string, folderId: string, single?: boolean, heard: (state: any) => void }} options `heard` is told of each change of folder or selection
     * @returns {Promise<string>} which button
     */
    async #pick(dialog, { type, folderId, single, heard }) {
        const stage = /** @type {HTMLElement} */ (dialog.querySelector(".explorer-picker"));
        const answer = this.#ask(dialog);
        this.#picker ??= Promise.all([import(this.#attribute("picker-src")), styleSheet(this.#attribute("picker-style-href"))]);
        try {
            await this.#picker;
        } catch (error) {
            this.#picker = undefined;
            dialog.close();
            throw error;
        }
        const picker = new (/** @type {any} */ (window).Box)[type === "folder" ? "FolderPicker" : "ContentPicker"]();
        picker.show(this.#attribute("folder-id"), this.#page.token, {
            ...this.#page.language,
            container: stage,
            currentFolderId: folderId,
            apiHost: this.#attribute("api-host"),
            uploadHost: this.#attribute("upload-host"),
            maxSelectable: single ? 1 : undefined,
            canUpload: false,
            canSetShareAccess: false,
            isHeaderLogoVisible: false,
            requestInterceptor: this.#page.guard,
            renderCustomActionButtons: (/** @type {any} */ state) => {
                queueMicrotask(() => heard(state));
                return null;
            },
        });
        try {
            return await answer;
        } finally {
            picker.hide();
            stage.replaceChildren();
        }
    }

    /** Opens a dialog; gives the focus back to where it was. @returns {Promise<string>} the `data-answer` of the button pressed, or nothing */
    async #ask(/** @type {HTMLDialogElement} */ dialog) {
        const before = document.activeElement;
        dialog.returnValue = "";
        dialog.showModal();
        const closed = new AbortController();
        dialog.addEventListener("click", event => {
            const button = event.target instanceof Element ? event.target.closest("[data-answer]") : null;
            if (button instanceof HTMLElement) {
                dialog.close(button.dataset.answer);
            }
        }, { signal: closed.signal });
        await new Promise(resolve => dialog.addEventListener("close", resolve, { once: true }));
        closed.abort();
        if (before instanceof HTMLElement) {
            before.focus();
        }
        return dialog.returnValue;
    }

    #dialog(/** @type {string} */ name) {
        return /** @type {HTMLDialogElement} */ (this.#element.querySelector(`dialog[data-dialog=${name}]`));
    }

    #button(/** @type {HTMLElement} */ dialog, /** @type {string} */ answer) {
        return /** @type {HTMLButtonElement} */ (dialog.querySelector(`[data-answer=${answer}]`));
    }

    #fill(/** @type {HTMLElement} */ dialog, /** @type {string} */ place, /** @type {string} */ words) {
        /** @type {HTMLElement} */ (dialog.querySelector(`[data-${place}]`)).textContent = words;
    }

    #attribute(/** @type {string} */ name) {
        return this.#element.getAttribute(name) ?? "";
    }
}

/** Those that stand in for a name that is taken: `Plan (2).docx` to `Plan (99).docx`; Box takes names of 255 characters. */
function* otherNames(/** @type {string} */ name, type = "file") {
    const ending = type === "folder" ? "" : /(?<=.)\.[^.\s]{1,20}$/.exec(name)?.[0] ?? "";
    const letters = [...name.slice(0, name.length - ending.length)]; // none is cut in two
    while (letters.join("").length > 255 - " (99)".length - ending.length) {
        letters.pop();
    }
    for (let number = 2; number < 100; number++) {
        yield `${letters.join("")} (${number})${ending}`;
    }
}

/** As {@link isNameInUse}, of an answer that is still to be read by others. */
async function isTaken(/** @type {Response} */ answer) {
    return answer.status === 409 && (await answer.clone().json().catch(() => ({}))).code === "item_name_in_use";
}

/** Whether Box refused a name since something has it already. */
function isNameInUse(/** @type {any} */ error) {
    return error.response?.status === 409 && codeOf(error) === "item_name_in_use";
}

/** Why Box refused, by its own name. An answer is not parsed yet where this is asked, and may be some proxy's page. */
function codeOf(/** @type {any} */ error) {
    try {
        return JSON.parse(error.response.data).code;
    } catch {
        return undefined;
    }
}

/** Where something that is sent would lie. */
function placeOf(/** @type {any} */ config) {
    const body = JSON.parse(config.data instanceof FormData ? String(config.data.get("attributes")) : config.data);
    return { folderId: body.folder_id ?? body.parent?.id, name: body.file_name ?? body.name };
}

/** @param {string} href */
function styleSheet(href) {
    return new Promise((resolve, reject) => {
        document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: resolve, onerror: reject }));
    });
}

/** @typedef {{ id: string, type: "file" | "folder" | "web_link", name: string, permissions?: Record<string, boolean> }} Item */
