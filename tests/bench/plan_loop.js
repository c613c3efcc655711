// Checks events against a plan of 200 with Ajv, and prints what that took.
// Arguments: the folder of node_modules, the schema, a file of events, how many are checked.
const [modules, schema, path, count] = process.argv.slice(2);
const Ajv = require(`${modules}/ajv/dist/2020`).default;
const ajv = new Ajv({ allErrors: true, strict: false });
const validators = new Map();
for (let n = 0; n < 200; n++) validators.set(`Event ${n}`, ajv.compile(JSON.parse(schema)));
const lines = require("fs").readFileSync(path, "utf8").trim().split("\n");
const events = lines.map((line) => JSON.parse(line));
let wrong = 0;
function check(event) {
  const validate = validators.get(event.event);
  if (!validate(event.properties)) wrong += validate.errors.length;
}
events.forEach(check);
const started = process.cpuUsage();
for (let n = 0; n < Number(count); n++) check(events[n % events.length]);
const used = process.cpuUsage(started);
console.log(JSON.stringify({ count: Number(count), cpu_s: (used.user + used.system) / 1e6, wrong }));
