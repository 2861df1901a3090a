// @ts-check

/** Opens the page afresh once the employee's access is no longer what the page was drawn for; while it is, tells the page of changes: `access-changed`. */
class LiveChanges extends HTMLElement {
    #leaving = new AbortController();
    // A browser opens six connections to a host over HTTP/1.1. So one tab listens for all of its session: the one that holds the lock.
    #name = `boxportal-changes-${this.getAttribute("session")}`;
    #channel = new BroadcastChannel(this.#name);

    connectedCallback() {
        this.#channel.onmessage = event => this.#hear(event.data);
        void this.#listenForAll();
        document.addEventListener("submit", event => {
            if (event.target instanceof Element && event.target.matches("form[action='/authentication/logout']")) {
                this.#leaving.abort(); // this tab is on its way to the provider; going elsewhere now would leave the session there
            }
        }, { signal: this.#leaving.signal });
        // Whoever listens for all may have slept; a tab that is looked at makes sure by itself.
        document.addEventListener("visibilitychange", () => {
            if (document.visibilityState === "visible") {
                this.#open(stream => stream.close());
            }
        }, { signal: this.#leaving.signal });
    }

    disconnectedCallback() {
        this.#leaving.abort();
        this.#channel.close();
    }

    async #listenForAll() {
        const { signal } = this.#leaving;
        while (!signal.aborted) {
            try {
                await (navigator.locks?.request(this.#name, { signal }, () => this.#listen()) ?? this.#listen());
                await new Promise(resolve => setTimeout(resolve, 5_000 + 10_000 * Math.random()));
            } catch {
                return; // left the page while waiting for the lock
            }
        }
    }

    /** Lasts until the portal ends the stream for good (signed out, or it answers with an error) or the page goes. */
    #listen() {
        return /** @type {Promise<void>} */ (new Promise(resolve => {
            const stream = this.#open((_, state) => this.#channel.postMessage(state));
            stream.addEventListener("error", () => stream.readyState === EventSource.CLOSED && resolve());
            this.#leaving.signal.addEventListener("abort", () => {
                stream.close();
                resolve();
            });
        }));
    }

    /** @param {(stream: EventSource, state: string) => void} heard */
    #open(heard) {
        const stream = new EventSource(this.getAttribute("src") ?? "");
        let standing = true; // what a stream begins with is how things stand, not that they changed
        stream.addEventListener("open", () => { standing = true; });
        stream.addEventListener("access", event => {
            const news = standing ? event.data : `${event.data}!`;
            standing = false;
            heard(stream, news);
            this.#hear(news);
        });
        stream.addEventListener("error", async () => {
            if (stream.readyState === EventSource.CLOSED && await this.#isSignedOut()) {
                heard(stream, "signed-out");
                this.#hear("signed-out");
            }
        });
        return stream;
    }

    /** A stream that the portal refuses does not say why. */
    async #isSignedOut() {
        const asked = new AbortController();
        const answer = await fetch(this.getAttribute("src") ?? "", { signal: asked.signal }).catch(() => undefined);
        asked.abort(); // it may be a stream again
        return answer?.status === 401;
    }

    /** @param {string} news the employee's standing; with an exclamation mark where something has just changed */
    #hear(news) {
        const state = news.replace("!", "");
        if (this.#leaving.signal.aborted) {
            return;
        }
        if (state === this.getAttribute("state")) {
            if (news !== state) {
                document.dispatchEvent(new Event("access-changed"));
            }
            return;
        }
        // Never more often than every two seconds, should page and channel ever disagree.
        this.#leaving.abort();
        if (state === "signed-out") {
            location.replace("/signed-out"); // the same words as in the tab where it was done
            return;
        }
        setTimeout(() => location.reload(), Math.max(0, 2_000 - performance.now()));
    }
}

customElements.define("live-changes", LiveChanges);
