// Looks at published pages as a person does, in a real browser, and fails on what a person would mind: a
// console message, a request to anybody else, missing looks, sideways scrolling at 320 px, or an
// accessibility violation.
//
//     node look.mjs FOLDER SHOTS
//
// Feeds are looked at, too, as they are opened from a folder: served as feeds, browsers show their text.
//
// FOLDER holds world.html, index.html, world.rss and world.atom, SHOTS gets the screenshots. $CHROMIUM names the browser, else
// /usr/bin/chromium.

import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

const PAGES = ["world.html", "index.html"];
const FEEDS = ["world.rss", "world.atom"];
const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8" };
// What a server should send; the pages say the same of themselves.
const POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'";
const SIZES = { wide: { width: 1100, height: 900 }, "320px": { width: 320, height: 640 } };
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

const [folder, shots] = process.argv.slice(2);
if (!folder || !shots) {
  console.error("usage: node look.mjs FOLDER SHOTS");
  process.exit(2);
}
mkdirSync(shots, { recursive: true });

// Serves the folder's own files, and nothing else.
const server = createServer((request, response) => {
  try {
    const name = basename(new URL(request.url, "http://localhost").pathname);
    const bytes = readFileSync(join(folder, name));
    const type = TYPES[extname(name)] ?? "application/octet-stream";
    response.writeHead(200, {
      "content-type": type,
      "content-security-policy": POLICY,
      "x-content-type-options": "nosniff",
    });
    response.end(bytes);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const bases = {
  served: `http://127.0.0.1:${server.address().port}/`,
  opened: `${pathToFileURL(resolve(folder)).href}/`,
};

let passed = 0;
let failed = 0;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
try {
  for (const name of PAGES) {
    const bytes = readFileSync(join(folder, name));
    console.log(`${name}: ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} compressed`);
    for (const how of Object.keys(bases)) {
      for (const colorScheme of ["light", "dark"]) {
        for (const size of Object.keys(SIZES)) {
          for (const script of [true, false]) {
            report(`${name} ${how} ${colorScheme} ${size} ${script ? "with" : "without"} JavaScript`,
              await look(name, how, colorScheme, size, script));
          }
        }
      }
    }
  }
  for (const name of FEEDS) {
    for (const colorScheme of ["light", "dark"]) {
      for (const size of Object.keys(SIZES)) {
        report(`${name} opened ${colorScheme} ${size}`, await lookAtFeed(name, colorScheme, size));
      }
    }
  }
} finally {
  await browser.close();
  server.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function report(what, faults) {
  if (faults.length === 0) {
    passed += 1;
    return;
  }
  failed += 1;
  console.error(`${what}:`);
  for (const fault of faults) console.error(`  ${fault}`);
}

// Everything that is wrong with a page in one setting; empty when nothing is.
async function look(name, how, colorScheme, size, script) {
  const faults = [];
  const base = bases[how];
  const context = await browser.newContext({ colorScheme, viewport: SIZES[size], javaScriptEnabled: script });
  const page = await context.newPage();
  page.on("console", (message) => faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    faults.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("requestfailed", (request) => faults.push(`failed: ${request.url()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(base)) faults.push(`requests ${request.url()}`);
  });
  await page.goto(base + name, { waitUntil: "load" });
  await shoot(page, name, how, colorScheme, size, script, "");
  faults.push(...(await keyboard(page)));
  // Everything that can be opened is part of the page, too.
  const summaries = await page.locator("summary").all();
  for (const summary of summaries) await summary.click();
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.activeElement?.blur());
  if (summaries.length > 0) await shoot(page, name, how, colorScheme, size, script, "-open");
  faults.push(...(await page.evaluate(layout)));
  faults.push(...(await keyboard(page)));
  if (script && how === "served") {
    // The checker is injected by the browser's own interface, so the page's policy does not hinder it.
    const { violations } = await new AxeBuilder({ page }).analyze();
    for (const { id, help, nodes } of violations) faults.push(`axe ${id}: ${help}: ${nodes[0].html}`);
  }
  await context.close();
  return faults;
}

// Everything that is wrong with a feed that somebody opened; empty when nothing is.
async function lookAtFeed(name, colorScheme, size) {
  const faults = [];
  const context = await browser.newContext({ colorScheme, viewport: SIZES[size] });
  const page = await context.newPage();
  page.on("console", (message) => faults.push(`console: ${message.text()}`));
  page.on("requestfailed", (request) => faults.push(`failed: ${request.url()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(bases.opened)) faults.push(`requests ${request.url()}`);
  });
  await page.goto(bases.opened + name, { waitUntil: "load" });
  await page.screenshot({ path: join(shots, `${name}-${colorScheme}-${size}.png`) });
  faults.push(...(await page.evaluate(feed)));
  await context.close();
  return faults;
}

// Runs in the feed: whether it has its looks, says what it is, shows headlines and no markup.
function feed() {
  const faults = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`is ${root.scrollWidth} px wide`);
  if (getComputedStyle(root).maxWidth === "none") faults.push("has no stylesheet");
  if (!getComputedStyle(root, "::before").content.includes("This is a feed")) faults.push("does not say what it is");
  const shown = (element) => element && element.getClientRects().length > 0;
  const all = (name) => [...document.getElementsByTagName(name)];
  const entries = [...all("item"), ...all("entry")];
  const hasTitle = (entry) => shown([...entry.children].find((child) => child.localName === "title"));
  if (entries.length === 0 || !entries.every(hasTitle)) faults.push("shows no headlines");
  if ([...all("content"), ...all("content:encoded"), ...all("guid")].some(shown)) faults.push("shows what is for programs");
  return faults;
}

async function shoot(page, name, how, colorScheme, size, script, state) {
  if (how !== "served" || !script) return;
  const path = join(shots, `${basename(name, ".html")}-${colorScheme}-${size}${state}.png`);
  await page.evaluate(() => document.querySelector("details[open]")?.closest("article").scrollIntoView());
  await page.screenshot({ path });
}

// Runs in the page: whether it has its looks, and stays inside the window.
function layout() {
  const faults = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push(`is ${scrollWidth} px wide in a window of ${clientWidth}`);
  const sheets = [...document.styleSheets].map((sheet) => sheet.href);
  if (sheets.length !== 1 || getComputedStyle(document.body).maxWidth === "none") faults.push("has no stylesheet");
  const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((heading) => Number(heading.tagName[1]));
  levels.forEach((level, at) => {
    if (level > (levels[at - 1] ?? 0) + 1) faults.push(`heading ${at + 1} skips a level`);
  });
  return faults;
}

// The first stops of a keyboard, each of which must be seen.
async function keyboard(page) {
  const faults = [];
  for (let stop = 1; stop <= 8; stop += 1) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return null;
      const style = getComputedStyle(at);
      return { what: at.outerHTML.slice(0, 80), outline: style.outlineStyle, width: parseFloat(style.outlineWidth) };
    });
    if (seen && (seen.outline === "none" || seen.width < 2)) faults.push(`the focus is not seen on ${seen.what}`);
  }
  return faults;
}
