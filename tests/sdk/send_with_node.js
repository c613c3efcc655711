// Sends with a package of npm: `send_with_node.js FOLDER CONFIG`. A list of calls, [method,
// argument, …], is read from standard input. Prints for each the error that its callback was
// given, or null.
const fs = require("fs");

const [folder, config] = process.argv.slice(2);
const mixpanel = require(folder).init("e3bc41", JSON.parse(config));

function call([path, ...given]) {
    const names = path.split(".");
    const method = names.pop();
    const owner = names.reduce((object, name) => object[name], mixpanel);
    // a batch has a list of errors, one for each of its requests
    return new Promise(done => owner[method](...given, error =>
        done([error].flat().filter(Boolean).join("; ") || null)));
}

Promise.all(JSON.parse(fs.readFileSync(0, "utf8")).map(call))
    .then(errors => console.log(JSON.stringify(errors)));
