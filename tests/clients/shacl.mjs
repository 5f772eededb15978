// What rdf-validate-shacl finds in each of some files: node shacl.mjs SHAPES DATA...
// As JSON, a list a file: severity, focus, path ("(path)" where it is not one property), component.
import { readFileSync } from 'node:fs'
import { Parser, Store } from 'n3'
import Validator from 'rdf-validate-shacl'

const read = (path) => new Store(new Parser().parse(readFileSync(path, 'utf8')))
const [shapes, ...paths] = process.argv.slice(2)
const validator = new Validator(read(shapes))
const text = (term) => (term ? (term.termType === 'BlankNode' ? '(path)' : term.value) : '')

const reports = []
for (const path of paths) {
  const report = await validator.validate(read(path))
  reports.push(
    report.results.map((r) => [r.severity, r.focusNode, r.path, r.sourceConstraintComponent].map(text)),
  )
}
process.stdout.write(JSON.stringify(reports))
