// Runs in a page that has loaded the SDK. Events come back as JSON, which keeps lone surrogates.
"use strict";

// Each callback's answer, and the event as the SDK says that it sent it.
async function track(events) {
    const told = events.map(([name, properties]) => new Promise(done =>
        mixpanel.track(name, properties, (answer, sent) => done({ answer, sent }))));
    return JSON.stringify(await Promise.all(told));
}

// Where the SDK calls nobody back: the events alone.
function trackUnheard(events) {
    return JSON.stringify(events.map(([name, properties]) => mixpanel.track(name, properties)));
}
