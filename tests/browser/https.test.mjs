// A browser before https of our own: it speaks HTTP/2, reads the same page, and sends a form. The
// certificate is made for this test, so the browser is told to take it.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openBrowser, openReader, startProgram } from './site.mjs'

const folder = await mkdtemp(join(tmpdir(), 'signpost-https-'))
const [certificate, key] = ['certificate.pem', 'key.pem'].map((name) => join(folder, name))
execFileSync('openssl', [
  'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30',
  '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate,
], { stdio: 'ignore' })
const { address: baseURL, stop } = await startProgram([
  'serve', '--content', '.', '--ledger', join(folder, 'ledger.sqlite'), '--no-watch', '--tls-certificate', certificate, '--tls-key', key,
])
const browser = await openBrowser()
after(async () => {
  await browser.close()
  stop()
  await rm(folder, { recursive: true })
})

test('a browser speaks HTTP/2 with us for the page and for all that belongs to it, and sends a form', async () => {
  const context = await openReader(browser, { baseURL, ignoreHTTPSErrors: true })
  const page = await context.newPage()
  const failed = []
  page.on('requestfailed', (request) => failed.push(`${request.method()} ${request.url()}: ${request.failure().errorText}`))
  const answer = await page.goto('/articles/sciatica', { waitUntil: 'load' })
  assert.equal(answer.status(), 200)
  assert.match((await answer.allHeaders())['strict-transport-security'], /^max-age=\d+$/)
  const protocols = await page.evaluate(() =>
    ['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind))
      .map(({ name, nextHopProtocol }) => `${nextHopProtocol} ${new URL(name).pathname}`))
  assert.ok(protocols.length > 1, protocols.join('\n'))
  assert.deepEqual(protocols.filter((line) => !line.startsWith('h2 ')), [])
  await page.goto('/symptoms', { waitUntil: 'load' })
  await page.locator('main form textarea, main form input[type=text], main form input[type=search]').first().fill('cough')
  const [posted] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'POST'),
    page.locator('main form [type=submit], main form button').first().click(),
  ])
  assert.equal(posted.status(), 200)
  // What the browser gives up itself as it leaves a page, such as the picture in its tab, did not fail.
  assert.deepEqual(failed.filter((line) => !line.endsWith('net::ERR_ABORTED')), [])
  await context.close()
})
