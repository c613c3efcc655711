// Sends with a package of npm: `send_with_node.js FOLDER CONFIG`. Single events and a batch are
// read from standard input. Prints for each callback the error that it was given, or null.
const fs = require("fs");

const [folder, config] = process.argv.slice(2);
const mixpanel = require(folder).init("e3bc41", JSON.parse(config));
const { single, batch } = JSON.parse(fs.readFileSync(0, "utf8"));

const told = send => new Promise(done => send(error => done(error ? String(error) : null)));
const calls = single.map(({ event, properties }) =>
    told(done => mixpanel.track(event, properties, done)));
if (batch.length > 0)
    calls.push(told(done => mixpanel.track_batch(batch, { max_batch_size: 50 }, errors =>
        done(errors && errors.filter(Boolean).join("; ")))));
Promise.all(calls).then(errors => console.log(JSON.stringify(errors)));
