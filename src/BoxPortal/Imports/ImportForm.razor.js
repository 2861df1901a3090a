// @ts-check
/** Hands in a file, or what was pasted as if it were one, and goes to the import's page; what is refused is told in place. */
class ImportForm extends HTMLElement {
    connectedCallback() {
        this.addEventListener("submit", event => {
            event.preventDefault();
            void this.#send(/** @type {HTMLFormElement} */ (event.target));
        });
    }

    /** @param {HTMLFormElement} form */
    async #send(form) {
        const file = this.#chosen(form);
        if (!file || file.size > Number(form.dataset.largest)) {
            this.#tell(file ? form.dataset.tooLarge : form.dataset.nothing);
            return;
        }

        const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
        const words = button.textContent;
        button.disabled = true;
        button.textContent = form.dataset.reading ?? words;
        this.#tell();
        try {
            const fields = new FormData(form);
            fields.set("file", file);
            const answer = await fetch(form.action, { method: "POST", body: fields });
            const place = answer.headers.get("Location");
            if (answer.ok && place) {
                /** @type {any} */ (window).Blazor.navigateTo(place);
                return;
            }
            this.#tell(answer.status === 413 ? form.dataset.tooLarge : (await answer.json()).detail);
        } catch {
            this.#tell(form.dataset.unreached);
        } finally {
            button.disabled = false;
            button.textContent = words;
        }
    }

    /** @param {HTMLFormElement} form */
    #chosen(form) {
        const file = /** @type {HTMLInputElement} */ (form.elements.namedItem("file")).files?.[0];
        const text = form.querySelector("textarea")?.value ?? "";
        return file ?? (text.trim() ? new File([text], "Pasted lines", { type: "text/csv" }) : undefined);
    }

    /** @param {string} [words] */
    #tell(words) {
        const place = /** @type {HTMLElement} */ (this.querySelector("[role=alert]"));
        place.textContent = words ?? "";
        place.hidden = !words;
    }
}

customElements.define("import-form", ImportForm);
