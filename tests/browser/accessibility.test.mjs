// Looks for accessibility faults with axe on every page, at every width, in both color schemes.
// A machine finds perhaps half of such faults; the rest needs a person with a screen reader.

import { after, test } from 'node:test'
import { axeRules, axeSource, crawl, distinct, expectNone, openBrowser, openReader, schemes, visit, widths } from './site.mjs'

const browser = await openBrowser()
after(() => browser.close())
const pages = distinct((await crawl(browser)).pages)

for (const { path } of pages) {
  test(`${path} has no accessibility fault at any width in light and dark`, async () => {
    const context = await openReader(browser)
    const page = await visit(context, path)
    await page.evaluate(axeSource)
    const faults = new Set()
    // First as it arrives, then with every disclosure open, since axe does not look into closed ones.
    for (const disclosures of ['as sent', 'open']) {
      if (disclosures === 'open') {
        const closed = await page.evaluate(openDisclosures)
        if (closed === 0) continue
      }
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 })
        for (const colorScheme of schemes) {
          await page.emulateMedia({ colorScheme })
          const { violations } = await page.evaluate((runOnly) => axe.run(document, { runOnly, resultTypes: ['violations'] }), axeRules(colorScheme))
          for (const { id, help, nodes } of violations) {
            for (const { target, failureSummary } of nodes) {
              const why = failureSummary.split('\n').slice(1).join(' ').replace(/\s+/g, ' ').trim()
              faults.add(`${path} (${width} px, ${colorScheme}, disclosures ${disclosures}): ${id}: ${target.join(' ')}: ${help}: ${why}`)
            }
          }
        }
      }
    }
    await context.close()
    expectNone(faults)
  })
}

/** Runs in the page: opens all disclosures and gives the number of those that were closed. */
function openDisclosures() {
  const closed = [...document.querySelectorAll('details:not([open])')]
  for (const disclosure of closed) {
    disclosure.removeAttribute('name') // a named group would close its other members
    disclosure.open = true
  }
  return closed.length
}
