// Asks a server for everything that Cocoda asks of a provider, and writes the answers as JSON.
// Arguments: the name of the provider, the registry as JSON, the scheme and a concept by IRI.
import { CocodaSDK, addAllProviders } from "cocoda-sdk"

const [provider, registry, scheme, concept, search] = process.argv.slice(2)
const cdk = new CocodaSDK()
addAllProviders(cdk)
const asked = cdk.initializeRegistry({ uri: "urn:registry", provider, ...JSON.parse(registry) })
await asked.init()
const schemes = await asked.getSchemes()
const chosen = schemes.find(found => found.uri === scheme)
const one = { uri: concept, inScheme: [chosen] }
const answers = {
  schemes,
  top: await asked.getTop({ scheme: chosen }),
  concepts: await asked.getConcepts({ concepts: [one] }),
  narrower: await asked.getNarrower({ concept: one }),
  ancestors: await asked.getAncestors({ concept: one }),
  search: await asked.search({ search, scheme: chosen }),
  suggest: await asked.suggest({ search, scheme: chosen }),
  types: await asked.getTypes({ scheme: chosen }),
}
if (provider === "ConceptApi") {
  answers.vocSearch = await asked.vocSearch({ search: "themes" })
  answers.vocSuggest = await asked.vocSuggest({ search: "themes" })
}
// What begins with _ is the library's own and goes in circles.
console.log(JSON.stringify(answers, (key, value) => (key.startsWith("_") ? undefined : value)))
