// What a reader looks at is nobody's business: a page asks no other server, leaves nothing in the
// browser and keeps to its own security policy.

import { after, test } from 'node:test'
import { crawl, distinct, expectNone, missingPage, openBrowser, openReader, origin, visit } from './site.mjs'

const browser = await openBrowser()
after(() => browser.close())
const pages = distinct((await crawl(browser)).pages)

for (const { path } of pages) {
  test(`${path} asks no other server and leaves nothing in the browser`, async () => {
    const faults = []
    const context = await openReader(browser)
    context.on('request', (request) => {
      const url = new URL(request.url())
      if (url.protocol !== 'data:' && url.origin !== origin) faults.push(`asks another server: ${request.url()}`)
    })
    context.on('response', async (response) => {
      if ((await response.headersArray()).some(({ name }) => name.toLowerCase() === 'set-cookie')) {
        faults.push(`sets a cookie: ${response.url()}`)
      }
    })
    context.on('weberror', (error) => faults.push(`a script failed: ${error.error().message}`))
    context.on('console', (message) => {
      // The browser reports the 404 that this page is.
      const ownStatus = path === missingPage && message.location().url === origin + path && /\b404\b/.test(message.text())
      if (['error', 'warning'].includes(message.type()) && !ownStatus) faults.push(`console: ${message.text()}`)
    })
    await context.addInitScript(() => {
      window.violations = []
      document.addEventListener('securitypolicyviolation', (event) => {
        window.violations.push(`${event.effectiveDirective} forbids ${event.blockedURI} (${event.sourceFile ?? 'page'}:${event.lineNumber})`)
      })
    })
    const page = await visit(context, path)
    // To the end and back, so that whatever waits for the reader's eye is asked for, too.
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
    await page.waitForLoadState('networkidle')
    const left = await page.evaluate(async () => ({
      violations: window.violations,
      local: Object.keys(localStorage),
      session: Object.keys(sessionStorage),
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: 'caches' in window ? await caches.keys() : [],
      workers: 'serviceWorker' in navigator ? (await navigator.serviceWorker.getRegistrations()).length : 0,
      script: document.cookie,
      // A connection opened early tells the other server as much as a request does.
      early: [...document.querySelectorAll('link[rel~=preconnect], link[rel~=dns-prefetch], link[rel~=prefetch], link[rel~=prerender]')]
        .map((link) => link.href).filter((href) => new URL(href).origin !== location.origin),
    }))
    for (const violation of left.violations) faults.push(`against the page's own policy: ${violation}`)
    for (const key of left.local) faults.push(`keeps \`${key}\` in local storage`)
    for (const key of left.session) faults.push(`keeps \`${key}\` in session storage`)
    for (const name of left.databases) faults.push(`keeps the database \`${name}\``)
    for (const name of left.caches) faults.push(`keeps the cache \`${name}\``)
    if (left.workers > 0) faults.push('registers a service worker')
    if (left.script) faults.push(`a script sees the cookie ${left.script}`)
    for (const href of left.early) faults.push(`connects early to ${href}`)
    for (const cookie of await context.cookies()) faults.push(`keeps the cookie \`${cookie.name}\``)
    await context.close()
    expectNone(faults, path)
  })

  test(`${path} sends a policy that allows only its own styles and scripts`, async () => {
    const answer = await fetch(origin + path)
    const policy = answer.headers.get('content-security-policy') ?? ''
    const directives = new Map(policy.split(';').map((part) => {
      const [name, ...sources] = part.trim().split(/\s+/)
      return [name, sources]
    }))
    const faults = []
    if (!directives.has('default-src')) faults.push('`default-src` is missing')
    for (const [name, sources] of directives) {
      for (const source of sources) {
        if (/^(\*|https?:|\/\/|'unsafe-|.*\.[a-z]{2,})/.test(source)) faults.push(`\`${name}\` allows ${source}`)
      }
    }
    for (const name of ['base-uri', 'form-action', 'frame-ancestors']) {
      if (!directives.has(name)) faults.push(`\`${name}\` is missing, and default-src does not stand in for it`)
    }
    const referrer = answer.headers.get('referrer-policy') ?? 'none'
    // The address names the complaint, so no other site may learn it from a link.
    if (!['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin', 'origin'].includes(referrer)) {
      faults.push(`the referrer policy is ${referrer}, which would tell other sites what somebody read`)
    }
    expectNone(faults, `${path}, policy: ${policy || 'none'}`)
  })
}
