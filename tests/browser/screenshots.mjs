// Takes pictures of a running site, for a person to look at: one page of each kind, whole, at
// three widths, in light and dark, and as it prints. It is no test and judges nothing.
//
//     SIGNPOST_URL=http://127.0.0.1:8080 node tests/browser/screenshots.mjs FOLDER [PATH…]

import { execFile } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { crawl, missingPage, openBrowser, openReader, schemes, visit, widths } from './site.mjs'

const [folder, ...chosen] = process.argv.slice(2)
if (!folder) {
  console.error('usage: node tests/browser/screenshots.mjs FOLDER [PATH…]')
  process.exit(2)
}
await mkdir(folder, { recursive: true })

const browser = await openBrowser()
const paths = chosen.length > 0 ? chosen : oneOfEachKind((await crawl(browser)).pages)
for (const path of paths) {
  const name = path === '/' ? 'home' : path.slice(1).replace(/[^a-z0-9-]+/gi, '_')
  for (const colorScheme of schemes) {
    for (const width of widths) {
      const context = await openReader(browser, { viewport: { width, height: 800 }, colorScheme })
      const page = await visit(context, path)
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true })
      await context.close()
    }
  }
  await print(path, join(folder, `${name}-print`))
  console.log(path)
}
await browser.close()

/** The first page under each first segment, so one article stands for all; and the 404 page. */
function oneOfEachKind(pages) {
  const kinds = new Map()
  for (const { path } of pages) {
    const segments = path.split(/[?]/)[0].split('/').filter(Boolean)
    const kind = segments.length > 1 ? `${segments[0]}/*` : path
    if (!kinds.has(kind)) kinds.set(kind, path)
  }
  kinds.set(missingPage, missingPage)
  return [...kinds.values()]
}

/** Prints to PDF, then, where pdftoppm is installed, to one PNG for each sheet. */
async function print(path, target) {
  const context = await openReader(browser)
  const page = await visit(context, path)
  await page.pdf({ path: `${target}.pdf`, format: 'A4', preferCSSPageSize: true })
  await context.close()
  try {
    await promisify(execFile)('pdftoppm', ['-png', '-r', '70', `${target}.pdf`, target])
    await rm(`${target}.pdf`)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error // without pdftoppm the PDF is what there is
  }
}
