// The text of the pages, without a look at them: valid HTML, sound headings, unique ids, and no
// link that leads nowhere.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { checkerArchive, crawl, expectNone, missingPage, openBrowser, origin } from './site.mjs'

/**
 * What the Nu HTML checker says without being right for us: `{ says, why }`, `says` a pattern
 * for its message. An entry that no message matches any more fails the test.
 */
const accepted = [
  {
    says: /The “list” role is unnecessary for element “[uo]l”/,
    why: 'Safari does not tell VoiceOver of a list whose markers are taken away',
  },
]

const browser = await openBrowser()
after(() => browser.close())
const { pages, others } = await crawl(browser)

test('every page is valid HTML', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'signpost-html-'))
  try {
    const names = new Map()
    for (const [index, page] of pages.entries()) {
      const name = `page-${index}.html`
      names.set(name, page.path)
      await writeFile(join(folder, name), page.html)
    }
    const files = [...names.keys()].map((name) => join(folder, name))
    const { stderr } = await promisify(execFile)(
      'java',
      ['-jar', checkerArchive, '--format', 'json', '--exit-zero-always', ...files],
      { maxBuffer: 64 * 1024 * 1024 },
    )
    const { messages } = JSON.parse(stderr)
    const used = new Set()
    const faults = []
    for (const { type, subType, url, lastLine, lastColumn, message, extract } of messages) {
      const known = accepted.find(({ says }) => says.test(message))
      const path = names.get(basename(new URL(url).pathname))
      const line = `${path}:${lastLine ?? 1}:${lastColumn ?? 1}: ${subType ?? type}: ${message} ${extract ? JSON.stringify(extract) : ''}`
      if (known) {
        used.add(known)
        t.diagnostic(`accepted, since ${known.why}: ${line}`)
      } else {
        faults.push(line)
      }
    }
    for (const entry of accepted) {
      if (!used.has(entry)) faults.push(`nothing says ${entry.says} any more: take it from the accepted list`)
    }
    t.diagnostic(`${pages.length} pages were checked`)
    expectNone(faults)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('every link leads to a page, a file or a place in a page', async () => {
  const byPath = new Map(pages.map((page) => [page.path, page]))
  const faults = []
  for (const { path: from, links } of pages) {
    for (const { href, path, fragment, from: element } of links) {
      const place = `${from}: <${element}> \`${href}\``
      const target = byPath.get(path)
      if (target) {
        if (target.status !== 200 && path !== from) faults.push(`${place}: answers ${target.status}`)
        // `#top` is a place of every page, by the HTML standard.
        if (fragment && fragment !== 'top' && !target.ids.includes(fragment)) faults.push(`${place}: ${path} has no id \`${fragment}\``)
        continue
      }
      const other = others.get(path)
      if (!other) faults.push(`${place}: is no address`)
      else if (other.location) faults.push(`${place}: is an old address; it redirects to ${other.location}`)
      else if (other.status !== 200) faults.push(`${place}: answers ${other.status}`)
    }
  }
  expectNone(new Set(faults))
})

test('an address that no page has is answered 404, with a page', async () => {
  const missing = pages.find(({ path }) => path === missingPage)
  assert.ok(missing, `${origin}${missingPage} does not answer with HTML`)
  assert.equal(missing.status, 404)
})

test('no page uses an id twice', () => {
  const faults = []
  for (const { path, ids } of pages) {
    const doubles = new Set(ids.filter((id, index) => ids.indexOf(id) !== index))
    for (const id of doubles) faults.push(`${path}: id \`${id}\` stands ${ids.filter((other) => other === id).length} times`)
    if (ids.some((id) => id === '' || /\s/.test(id))) faults.push(`${path}: an id is empty or holds a space`)
  }
  expectNone(faults)
})

test('every page has one h1, and its heading levels never skip', () => {
  const faults = []
  for (const { path, headings } of pages) {
    const tops = headings.filter(({ level }) => level === 1)
    if (tops.length !== 1) faults.push(`${path}: has ${tops.length} h1, expected 1`)
    let last = 0
    for (const { level, text } of headings) {
      if (level > last + 1) faults.push(`${path}: h${level} "${text}" follows ${last === 0 ? 'no heading' : `an h${last}`}`)
      if (text === '') faults.push(`${path}: an h${level} is empty`)
      last = level
    }
  }
  expectNone(faults)
})
