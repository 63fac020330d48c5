// Reads [[type, item], ...] as JSON and writes what is wrong with each item, as the JSKOS
// schemas of jskos-validate say: [] where nothing is.
import { readFileSync } from "node:fs"
import { validate } from "jskos-validate"

const items = JSON.parse(readFileSync(0, "utf8"))
const found = items.map(([type, item]) =>
  validate[type](item) ? [] : validate[type].errors.map(error => `${error.instancePath} ${error.message}`))
console.log(JSON.stringify(found))
