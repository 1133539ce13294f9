// An editor's browser: the open page loads itself again when its file is saved, stays where the
// editor was reading, and shows what is to be mended so that everybody can read it. The site is a
// copy in a scratch folder, served by a program of its own.

import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { axeSource, openBrowser, openReader, schemes, startProgram } from './site.mjs'

const file = 'articles/sciatica.md'
const path = '/articles/sciatica'
const other = '/articles/sore-throat-strep'

const folder = await mkdtemp(join(tmpdir(), 'signpost-preview-'))
for (const part of ['articles', 'clinic']) await cp(part, join(folder, part), { recursive: true })
const sound = await readFile(join(folder, file), 'utf8')
const { address: baseURL, stop } = await startProgram(['preview', '--content', folder])
const browser = await openBrowser()
after(async () => {
  await browser.close()
  stop()
  await rm(folder, { recursive: true })
})

/** Saves as editors do: beside the file, then in its place. */
async function save(text) {
  const aside = join(folder, 'articles/.save.tmp')
  await writeFile(aside, text)
  await rename(aside, join(folder, file))
}

async function open(context, address) {
  const page = await context.newPage()
  await page.goto(address, { waitUntil: 'load' })
  return page
}

test('the open page shows a save by itself and stays at its place; others stay quiet', async () => {
  await save(sound)
  const context = await openReader(browser, { baseURL })
  const quiet = await open(context, other)
  await quiet.evaluate(() => { window.untouched = true })
  const page = await open(context, path)
  const heading = 'relief-at-home'
  const top = () => page.evaluate((id) => document.getElementById(id).getBoundingClientRect().top, heading)
  await page.evaluate((id) => {
    const { top } = document.getElementById(id).getBoundingClientRect()
    scrollTo({ top: scrollY + top - 120, behavior: 'instant' })
  }, heading)
  const before = await top()
  const long = 'This sentence makes the page longer above the place where somebody reads. '.repeat(12)
  await save(sound.replace(/\n\n## /, `\n\n${long}\n\n## `))
  await page.waitForFunction(() => document.body.textContent.includes('makes the page longer above'))
  await page.waitForFunction(([id, before]) => {
    const { top } = document.getElementById(id).getBoundingClientRect()
    return Math.abs(top - before) < 4
  }, [heading, before])
  assert.equal(await quiet.evaluate(() => window.untouched), true, 'another page was loaded again')
  await context.close()
})

test('a page that nobody looked at meanwhile catches up when somebody does', async () => {
  await save(sound)
  const context = await openReader(browser, { baseURL })
  const page = await open(context, path)
  await page.waitForFunction(() => document.querySelector('.preview__file') !== null)
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await save(`${sound}\nA sentence that was added meanwhile.\n`)
  await page.evaluate(() => {
    delete document.hidden
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await page.waitForFunction(() => document.body.textContent.includes('that was added meanwhile'))
  await context.close()
})

for (const colorScheme of schemes) {
  for (const width of [360, 1280]) {
    test(`what is to be mended can be read at ${width} px, ${colorScheme}`, async () => {
      await save(sound.replace('reviewer: ', 'reviewer: not-').replace('[@', '[@not-'))
      const context = await openReader(browser, { baseURL, colorScheme, viewport: { width, height: 800 } })
      const page = await open(context, path)
      await page.waitForFunction(() => document.querySelector('.preview__problem--error') !== null)
      const errors = []
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
      await page.evaluate(axeSource)
      const found = await page.evaluate(() => window.axe.run('.preview'))
      const violations = found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`)
      assert.deepEqual(violations, [])
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      assert.ok(wide <= 0, `the page is ${wide} px too wide`)
      assert.deepEqual(errors, [])
      if (process.env.SIGNPOST_SHOTS) {
        const shot = (name) => join(process.env.SIGNPOST_SHOTS, `${name}-${width}-${colorScheme}.png`)
        await page.screenshot({ path: shot('panel') })
        await page.goto('/preview')
        await page.screenshot({ path: shot('index') })
      }
      await context.close()
    })
  }
}
