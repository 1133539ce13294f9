// What every answer says to browsers, judged by those who know: Google's csp_evaluator for the policy of each page, and
// MDN's observatory for the site behind a proxy that ends https, as deploy/ sets it up. Nothing here leaves the machine.

import assert from 'node:assert/strict'
import { execFile, execFileSync, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { crawl, missingPage, openBrowser, origin } from './site.mjs'

const require = createRequire(import.meta.url)
const { CspEvaluator } = require('csp_evaluator/dist/evaluator.js')
const { CspParser } = require('csp_evaluator/dist/parser.js')

const browser = await openBrowser()
const { pages } = await crawl(browser)
const folder = await mkdtemp(join(tmpdir(), 'signpost-headers-'))
after(async () => {
  await browser.close()
  await rm(folder, { recursive: true })
})

/** What the evaluator has to say about a policy, one line a finding. */
function findings(policy) {
  const found = new CspEvaluator(new CspParser(policy).csp).evaluate()
  return found.map((finding) => `${finding.directive} ${finding.value ?? ''}: ${finding.description}`)
}

test("Google's csp_evaluator finds nothing in the policy of any page", async () => {
  const policies = new Map()
  for (const { path } of pages) {
    const answer = await fetch(origin + path, { redirect: 'manual' })
    policies.set(answer.headers.get('content-security-policy'), path)
  }
  const form = { method: 'POST', body: new URLSearchParams({ problem: 'cough' }), headers: { 'sec-fetch-site': 'same-origin' } }
  const found = await fetch(`${origin}/symptoms`, form)
  assert.equal(found.status, 200)
  policies.set(found.headers.get('content-security-policy'), 'the answer of a form')
  for (const [policy, path] of policies) {
    assert.ok(policy, `${path} has no policy`)
    assert.deepEqual(findings(policy), [], `${path}: ${policy}`)
  }
})

test('the evaluator would find something', () => {
  assert.notDeepEqual(findings("default-src 'self' 'unsafe-inline'"), [])
})

test('scripts of pages run by their hash, and nothing else runs', async () => {
  const context = await browser.newContext({ baseURL: origin })
  const page = await context.newPage()
  const refused = []
  page.on('console', (message) => {
    if (/integrity|Content Security Policy/.test(message.text())) refused.push(message.text())
  })
  await page.goto('/articles/sciatica', { waitUntil: 'load' })
  const scripts = await page.evaluate(() => [...document.scripts].filter((script) => script.src).map((script) => script.integrity))
  assert.ok(scripts.length > 0 && scripts.every((hash) => hash.startsWith('sha256-')), String(scripts))
  assert.deepEqual(refused, [])
  // The list beside the text is marked by the script, so it ran.
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight / 2))
  await page.waitForSelector('.jump-to [aria-current=location]', { state: 'attached' })
  const injected = await page.evaluate(() => new Promise((resolve) => {
    const script = document.createElement('script')
    script.textContent = 'window.ranInline = true'
    document.head.append(script)
    const file = document.createElement('script')
    file.src = '/articles/sciatica'
    file.onload = () => resolve('ran')
    file.onerror = () => resolve(window.ranInline ? 'ran inline' : 'refused')
    document.head.append(file)
  }))
  assert.equal(injected, 'refused')
  await context.close()
})

/** Starts a site that believes a proxy on this machine, and gives its address. */
async function siteBehindProxy() {
  const ledger = join(folder, 'ledger.sqlite')
  const program = spawn(
    process.env.SIGNPOST_PROGRAM ?? 'target/debug/signpost',
    ['serve', '--addr', '127.0.0.1:0', '--content', '.', '--ledger', ledger, '--trusted-proxy', '127.0.0.1', '--log', 'error'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  after(() => program.kill())
  return new Promise((resolve, reject) => {
    program.once('exit', (status) => reject(new Error(`the site ended with ${status}`)))
    program.stdout.on('data', (line) => {
      const listening = /^listening on (http:\S+)/.exec(String(line))
      if (listening) {
        program.removeAllListeners('exit')
        resolve(new URL(listening[1]))
      }
    })
  })
}

/** A certificate for `localhost` that signs itself. */
async function certificate() {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert,
  ], { stdio: 'ignore' })
  return { key: await readFile(key), cert: await readFile(cert), file: cert }
}

const listen = (server) => new Promise((resolve) => {
  server.listen(0, 'localhost', () => resolve(server.address().port))
})

/** A proxy that ends https and passes on, and one that leads from http to it, as the examples of deploy/ do. */
async function proxies(site, { key, cert }) {
  const secure = https.createServer({ key, cert }, (request, response) => {
    const headers = { ...request.headers, 'x-forwarded-proto': 'https', 'x-forwarded-for': request.socket.remoteAddress }
    const { method, url: path } = request
    const passed = http.request({ host: site.hostname, port: site.port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers)
      answer.pipe(response)
    })
    request.pipe(passed)
  })
  const httpsPort = await listen(secure)
  const plain = http.createServer((request, response) => {
    response.writeHead(301, { location: `https://localhost:${httpsPort}${request.url}` }).end()
  })
  const httpPort = await listen(plain)
  after(() => {
    for (const server of [secure, plain]) {
      server.closeAllConnections()
      server.close()
    }
  })
  return { httpPort, httpsPort }
}

test("MDN's observatory gives the site its best grade", async () => {
  const site = await siteBehindProxy()
  const trusted = await certificate()
  const { httpPort, httpsPort } = await proxies(site, trusted)
  const scan = fileURLToPath(new URL('observatory.mjs', import.meta.url))
  for (const path of ['/', '/articles/sciatica', '/symptoms', '/book/back-pain-visit']) {
    // Node reads the certificates that it trusts when it starts, so the scan is a program of its own.
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: trusted.file }
    const { stdout } = await promisify(execFile)('node', [scan, String(httpPort), String(httpsPort), path], { env })
    const { grade, score, failed, ran } = JSON.parse(stdout)
    assert.deepEqual({ path, failed, grade }, { path, failed: [], grade: 'A+' })
    assert.ok(score >= 100 && ran >= 10, `${path}: ${score} by ${ran} tests`)
  }
})

test('a page that says no is guarded as well as one that says yes', async () => {
  for (const [path, options] of [[missingPage, {}], ['/', { method: 'DELETE' }], [`/${'a'.repeat(9000)}`, {}]]) {
    const answer = await fetch(origin + path, options)
    assert.ok(answer.status >= 400)
    assert.deepEqual(findings(answer.headers.get('content-security-policy')), [])
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
  }
})
