// @ts-check
// The other tabs have the session's files before them still.
new BroadcastChannel("boxportal-changes").postMessage("signed-out");
