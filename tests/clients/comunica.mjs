// What Comunica gets of a SPARQL endpoint that it has to find out about: node comunica.mjs SOURCE < QUERY
// As JSON, a list of rows.
import { readFileSync } from 'node:fs'
import { QueryEngine } from '@comunica/query-sparql'

const source = process.argv[2]
const stream = await new QueryEngine().queryBindings(readFileSync(0, 'utf8'), { sources: [source] })
const rows = (await stream.toArray()).map((row) =>
  Object.fromEntries([...row].map(([variable, term]) => [variable.value, term.value])),
)
process.stdout.write(JSON.stringify(rows))
