// JSON-LD of every page by a second validator, with the vocabulary of schema.org from disk. The first one is in
// `tests/machine/structured_data.rs`; it brings the vocabulary along.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import Validator from '@adobe/structured-data-validator'
import WebAutoExtractor from '@marbec/web-auto-extractor'
import { crawl, expectNone, openBrowser } from './site.mjs'

/** The crate of the first validator holds schema.org's own file. */
function vocabulary() {
  const said = execFileSync('cargo', ['metadata', '--format-version', '1', '--locked', '--offline'], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  const crate = JSON.parse(said).packages.find(({ name }) => name === 'schemaorg-validate')
  assert.ok(crate, 'the crate schemaorg-validate is not among our own')
  return JSON.parse(readFileSync(join(dirname(crate.manifest_path), 'schema-data/schemaorg-all-https.jsonld'), 'utf8'))
}

const schema = vocabulary()

async function faultsOf(html) {
  const found = new WebAutoExtractor({ addLocation: true, embedSource: ['rdfa', 'microdata'] }).parse(html)
  const issues = await new Validator(schema).validate(found)
  const broken = (found.errors ?? []).map((error) => ({ issueMessage: error.message ?? String(error), path: [] }))
  // It calls a property that the type does not have a warning.
  return [...broken, ...issues]
}

test('the validator finds faults that somebody put there', async () => {
  const block = (text) => `<!doctype html><title>a</title><script type="application/ld+json">${text}</script>`
  const graph = (node) => block(`{"@context":"https://schema.org","@graph":[${node}]}`)
  for (const wrong of [
    graph('{"@type":"MedicalCondition","subtype":"x"}'),
    graph('{"@type":"Article","reviewedBy":{"@type":"Person","name":"a"}}'),
    graph('{"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","name":"a"}]}'),
  ]) {
    assert.notEqual((await faultsOf(wrong)).length, 0, wrong)
  }
})

test('what every page says to search engines is sound', async (t) => {
  const browser = await openBrowser()
  after(() => browser.close())
  const { pages } = await crawl(browser)
  const faults = []
  let told = 0
  for (const { path, html } of pages) {
    if (html.includes('application/ld+json')) told += 1
    for (const { issueMessage, path: place } of await faultsOf(html)) {
      faults.push(`${path}: ${place.map(({ type, property }) => type ?? property).join('.')}: ${issueMessage}`)
    }
  }
  t.diagnostic(`${told} pages were checked`)
  assert.ok(told > 15, `only ${told} pages say anything`)
  expectNone(faults)
})
