// Runs in a page that has loaded the SDK. Events come back as JSON, which keeps lone surrogates.
"use strict";

// What went wrong in the page, by the page's own account or by the SDK's.
const problems = [];
const report = problem => problems.push(String(problem));
addEventListener("error", event => report(event.message));
addEventListener("unhandledrejection", event => report(event.reason));
console.error = (...words) => report(words.join(" "));

function start(config) {
    mixpanel.init("e3bc41", { ...config, error_reporter: report });
}

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

// The answer that a profile's or group's method hands to its callback.
function answerOf(owner, method, ...given) {
    return new Promise(done => owner[method](...given, done));
}
