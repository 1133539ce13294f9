// Everything works with scripts off: the words are there, the links lead somewhere, and what to
// do in an emergency comes before any offer.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { articlePages, crawl, distinct, expectNone, marks, openBrowser, openReader, visit } from './site.mjs'

const browser = await openBrowser()
after(() => browser.close())
const pages = distinct((await crawl(browser)).pages)
const articles = articlePages(pages)

before(() => assert.ok(articles.length > 0, 'no article page was found: nothing could be tested'))

for (const { path } of pages) {
  test(`${path} shows its heading and its words with scripts off`, async () => {
    const context = await openReader(browser, { javaScriptEnabled: false })
    const page = await visit(context, path)
    const found = await page.evaluate(() => {
      const heading = document.querySelector('main h1')
      const main = document.querySelector('main')
      return {
        headingShown: heading?.checkVisibility({ visibilityProperty: true, opacityProperty: true }) ?? false,
        words: main?.innerText.trim().split(/\s+/).length ?? 0, // innerText leaves out what is not shown
        hidden: main?.checkVisibility({ visibilityProperty: true, opacityProperty: true }) === false,
        waiting: [...document.querySelectorAll('noscript')].filter((element) => /script/i.test(element.textContent)).length,
      }
    })
    await context.close()
    const faults = []
    if (!found.headingShown) faults.push('no h1 is shown in main')
    if (found.hidden) faults.push('main is hidden')
    if (found.words < 15) faults.push(`main shows ${found.words} words, expected at least 15`)
    if (found.waiting > 0) faults.push('the page asks to switch scripts on')
    expectNone(faults, path)
  })
}

for (const { path } of articles) {
  for (const width of [360, 1280]) {
    test(`${path} jumps to each section with scripts off at ${width} px`, async () => {
      const context = await openReader(browser, { javaScriptEnabled: false, viewport: { width, height: 800 } })
      const page = await visit(context, path)
      const links = page.locator(`${marks.jumpTo} a[href*="#"]`)
      const count = await links.count()
      const faults = []
      if (count === 0) faults.push(`no jump-to link in \`${marks.jumpTo}\``)
      for (let index = 0; index < count; index += 1) {
        const link = links.nth(index)
        const href = await link.getAttribute('href')
        await page.goto(path)
        if (!(await link.isVisible())) {
          const summary = page.locator(`${marks.jumpTo} summary, summary:has(+ ${marks.jumpTo})`).first()
          if (!(await summary.isVisible())) {
            faults.push(`${href}: neither the link nor a disclosure with it is visible`)
            continue
          }
          await summary.click()
        }
        await link.click()
        const fault = await page.evaluate((href) => {
          const id = decodeURIComponent(href.slice(href.indexOf('#') + 1))
          const target = document.getElementById(id)
          if (!target) return `${href}: nothing has this id`
          const { top } = target.getBoundingClientRect()
          if (top < -1 || top >= window.innerHeight) return `${href}: lands ${Math.round(top)} px from the top of the window`
          return null
        }, href)
        if (fault) faults.push(fault)
      }
      await context.close()
      expectNone(faults, path)
    })
  }

  test(`${path} says what is an emergency before it offers a visit`, async () => {
    const context = await openReader(browser, { javaScriptEnabled: false })
    const page = await visit(context, path)
    const fault = await page.evaluate((marks) => {
      const card = document.querySelector(marks.emergencyCard)
      if (!card) return `no \`${marks.emergencyCard}\``
      if (!card.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return 'the emergency card is hidden'
      const offer = document.querySelector(marks.bookingLink)
      if (offer && !(card.compareDocumentPosition(offer) & Node.DOCUMENT_POSITION_FOLLOWING)) {
        return `a link to booking comes first: ${offer.outerHTML.slice(0, 100)}`
      }
      return null
    }, marks)
    await context.close()
    assert.ok(fault === null, `${path}: ${fault}`)
  })
}
