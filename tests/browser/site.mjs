// What every browser test needs: the running site, one browser, and the list of its pages.
// The address comes from SIGNPOST_URL. Pages are found by following links from `/` and by reading
// the sitemap, so a new page is tested without a word from its author.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const require = createRequire(import.meta.url)

if (!process.env.SIGNPOST_URL) {
  throw new Error('SIGNPOST_URL is not set: give the address of a running site, like http://127.0.0.1:8080')
}

/** Where the site answers: scheme, host and port, without a slash at the end. */
export const origin = new URL(process.env.SIGNPOST_URL).origin

/** An address that no page has; its answer is the site's 404 page. */
export const missingPage = '/no-page-has-this-address'

/** Widths in CSS pixels: a phone, a tablet, a laptop. */
export const widths = [360, 768, 1280]
export const schemes = ['light', 'dark']

/** How the tests find the parts of a page that HTML has no element for. */
export const marks = {
  skipLink: '.skip-link',
  emergencyCard: '.care-card--emergency',
  jumpTo: '.jump-to',
  bookingCard: '.booking-card, .booking-call',
  // The header names the page of visits and prices on every page; an offer is what stands in the text.
  bookingLink: 'main :is(a[href="/book"], a[href^="/book/"], a[href^="/book?"])',
}

/**
 * What axe looks for in a color scheme: in light all of WCAG 2.2 AA and what is best practice; in dark only what hangs on
 * colors, since nothing else differs there.
 */
export function axeRules(scheme) {
  if (scheme === 'dark') return { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }
  return { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }
}

/** axe-core's own source, to be evaluated in a page; script tags would meet the page's policy. */
export const axeSource = require('axe-core').source

/** The folder of the Nu HTML checker is the package's; its archive is this file. */
export const checkerArchive = require.resolve('vnu-jar/build/dist/vnu.jar')

/** Where the browser is. */
export const browserProgram = process.env.CHROMIUM || '/usr/bin/chromium'

/** A test must not talk to anybody but the site, so the browser's own errands are off. */
export const browserArguments = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts the browser. Whoever starts it closes it. */
export async function openBrowser() {
  return chromium.launch({ executablePath: browserProgram, args: browserArguments })
}

/**
 * Starts the program with `args` at a free port, for a test that needs a server of its own, and waits until it listens.
 * Gives its `address`, and `stop`, which whoever starts it calls.
 */
export async function startProgram(args) {
  const program = spawn(
    process.env.SIGNPOST_PROGRAM ?? 'target/debug/signpost',
    [...args, '--addr', '127.0.0.1:0', '--today', '2026-11-25', '--log', 'error'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const address = await new Promise((resolve, reject) => {
    program.once('exit', (status) => reject(new Error(`the program ended with ${status}`)))
    program.stdout.on('data', (line) => {
      const listening = /^listening on (https?:\S+)/.exec(String(line))
      if (listening) resolve(listening[1])
    })
  })
  const stop = () => {
    program.removeAllListeners('exit')
    program.kill()
  }
  return { address, stop }
}

/**
 * One fresh reader: no cookie, no cache, no memory of another test.
 * `options` are those of Playwright's `newContext`.
 */
export async function openReader(browser, options = {}) {
  return browser.newContext({
    baseURL: origin,
    viewport: { width: 1280, height: 800 },
    // Nothing may still be fading while a test looks at colors.
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
    ...options,
  })
}

/** Opens `path` and waits until its fonts and pictures are there. */
export async function visit(context, path) {
  const page = await context.newPage()
  await page.goto(path, { waitUntil: 'load' })
  await page.evaluate(() => document.fonts.ready.then(() => true))
  return page
}

/**
 * Every HTML page that links lead to from `/`, the pages of the sitemap where there is one, and
 * the 404 page, by path, ascending. Each one:
 * - `path`: path and query, without fragment
 * - `status`, `html`: what the server sent
 * - `links`: `{ href, path, fragment, from }` of all links, style sheets, scripts and pictures
 *   that stay on this site; `from` names the element
 * - `ids`: all ids in document order, doubles kept
 * - `headings`: `{ level, text }` in document order
 * Answers that are no HTML are in `others`, by path: `{ status, type }`.
 */
export async function crawl(browser) {
  const pages = new Map()
  const others = new Map()
  const context = await browser.newContext()
  const parser = await context.newPage()
  const queue = ['/', missingPage, ...(await sitemapPaths())]
  const seen = new Set(queue)
  while (queue.length > 0) {
    const path = queue.shift()
    const answer = await fetch(origin + path, { redirect: 'manual', headers: { accept: 'text/html' } })
    const type = answer.headers.get('content-type') ?? ''
    const body = await answer.text()
    if (!type.startsWith('text/html')) {
      const location = answer.headers.get('location')
      others.set(path, { status: answer.status, type, location })
      continue
    }
    const parsed = await parser.evaluate(readPage, { html: body, base: origin + path })
    pages.set(path, { path, status: answer.status, html: body, ...parsed })
    for (const link of parsed.links) {
      if (!seen.has(link.path)) {
        seen.add(link.path)
        queue.push(link.path)
      }
    }
  }
  await context.close()
  const byPath = (left, right) => (left.path < right.path ? -1 : 1)
  return { pages: [...pages.values()].sort(byPath), others }
}

/** The paths in the sitemap; none while the site has no sitemap. Its host is the public one, so it is left out. */
async function sitemapPaths() {
  const paths = async (file) => {
    const answer = await fetch(origin + file)
    const text = await answer.text()
    if (answer.status !== 200) return []
    return [...text.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address]) => new URL(address.trim()).pathname)
  }
  // `/sitemap.xml` names the files that name the pages.
  const lists = await Promise.all((await paths('/sitemap.xml')).map(paths))
  return lists.flat()
}

/** Runs in the browser: reads one page's text without running or loading anything of it. */
function readPage({ html, base }) {
  const page = new DOMParser().parseFromString(html, 'text/html')
  const here = new URL(base)
  const links = []
  const add = (from, address) => {
    if (address === null || address.trim() === '') return
    let url
    try {
      url = new URL(address, base)
    } catch {
      // An address that no browser can read is passed on as it is, and the link test tells.
      links.push({ href: address, path: address, fragment: '', from })
      return
    }
    if (url.origin !== here.origin) return
    const fragment = decodeURIComponent(url.hash.slice(1))
    links.push({ href: address, path: url.pathname + url.search, fragment, from })
  }
  for (const element of page.querySelectorAll('a[href], area[href], link[href]')) {
    add(element.localName, element.getAttribute('href'))
  }
  for (const element of page.querySelectorAll('img[src], script[src], source[src], use[href], iframe[src]')) {
    add(element.localName, element.getAttribute('src') ?? element.getAttribute('href'))
  }
  for (const element of page.querySelectorAll('[srcset]')) {
    for (const candidate of element.getAttribute('srcset').split(',')) {
      add(element.localName, candidate.trim().split(/\s+/)[0])
    }
  }
  return {
    links,
    ids: [...page.querySelectorAll('[id]')].map((element) => element.id),
    headings: [...page.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((element) => ({
      level: Number(element.localName[1]),
      text: element.textContent.trim().replace(/\s+/g, ' '),
    })),
  }
}

/** Of pages that are one template, those that the slow tests look at: each shows something that the others don't. */
const SAMPLES = [
  [/^\/symptoms\/([^/?#]+)/, ['lower-back-pain', 'fever-child', 'high-blood-pressure-reading']],
  // Between them every kind of chart, and two diagrams.
  [/^\/articles\/([^?#]+)/, ['common-cold-vs-flu', 'sciatica', 'sciatica/questions']],
  [/^\/book\/([^?#]+)/, ['back-pain-visit', 'sore-throat-visit']],
  [/^\/topics\/([^/?#]+)/, ['back-and-joints', 'headache']],
  [/^\/body\/([^/?#]+)/, ['back', 'mind']],
]

/**
 * All pages, but of those that are one template only a sample: the HTML checker and the Rust tests read every one of
 * them.
 */
export function distinct(pages) {
  return pages.filter(({ path }) =>
    SAMPLES.every(([shape, names]) => {
      const name = path.match(shape)?.[1]
      return !name || names.includes(name)
    }),
  )
}

/** The pages that show one article. */
export function articlePages(pages) {
  return pages.filter((page) => /^\/articles\/[^/?]+$/.test(page.path) && page.status === 200)
}

/**
 * Fails the running test when there are faults, and tells them all: how many, then one a line.
 * `place` says where they were found; left out when each fault says it itself.
 */
export function expectNone(faults, place = '') {
  const list = [...faults]
  if (list.length === 0) return
  assert.fail(`${place ? `${place}: ` : ''}${list.length} ${list.length === 1 ? 'fault' : 'faults'}:\n  ${list.join('\n  ')}`)
}

/** Brings a page into a state with `reach`, and looks at it with axe at every width and in both color schemes. */
export async function expectAccessible(browser, reach) {
  const faults = []
  for (const colorScheme of schemes) {
    const context = await openReader(browser, { colorScheme })
    const page = await context.newPage()
    await reach(page)
    for (const width of [320, ...widths]) {
      await page.setViewportSize({ width, height: 800 })
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      if (wide > 0) faults.push(`${width} px: ${wide} px too wide`)
      await page.evaluate(axeSource)
      const { violations } = await page.evaluate(
        // What passes is not listed node by node, which takes most of the time.
        (runOnly) => globalThis.axe.run(document, { runOnly, resultTypes: ['violations'] }),
        axeRules(colorScheme),
      )
      for (const { id, nodes } of violations) faults.push(`${width} px ${colorScheme}: ${id}: ${nodes[0].target} (${nodes.length})`)
    }
    await context.close()
  }
  expectNone(faults)
}

/** The path of one page of each kind, so that a long list of like pages is not looked at twice. */
export function oneOfEachKind(pages) {
  const kinds = new Map()
  for (const { path } of pages) {
    const parts = path.split('?')[0].split('/').filter(Boolean)
    const kind = [parts[0], parts.length > 1 ? '*' : '', ...parts.slice(2)].join('/')
    if (!kinds.has(kind)) kinds.set(kind, path)
  }
  return [...kinds.values()]
}
