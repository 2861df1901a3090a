// @ts-check
/** Opens the <dialog> inside as a modal one, and gives the focus back to where it came from when it goes. */
class ModalDialog extends HTMLElement {
    /** @type {Element | null} */
    #before = null;

    connectedCallback() {
        this.#before = document.activeElement;
        // Blazor fills the element after it is in the page.
        queueMicrotask(() => this.querySelector("dialog")?.showModal());
    }

    disconnectedCallback() {
        // Once Blazor is through: what had the focus may go in the same stroke.
        setTimeout(() => {
            if (this.#before instanceof HTMLElement && this.#before.isConnected) {
                this.#before.focus();
            } else {
                document.querySelector("h1")?.focus();
            }
        });
    }
}

customElements.define("modal-dialog", ModalDialog);
