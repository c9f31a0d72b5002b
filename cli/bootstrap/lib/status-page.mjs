// Joins the status page (templates/openresty/status-page) into one HTML file that asks for nothing else.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { inRoot } from "./places.mjs";

const FOLDER = inRoot("templates", "openresty", "status-page");
const STYLE_LINK = '<link rel="stylesheet" href="page.css" />';
const SCRIPT_LINK = '<script type="module" src="view/main.ts"></script>';

/**
 * The page as it is served: the style and the joined, minified script stand in it, so that one file is all there is to
 * hash, to pack and to answer with.
 *
 * @returns {Promise<string>} the same bytes for the same sources
 */
export async function joinStatusPage() {
  const page = minifyMarkup(await readFile(join(FOLDER, "page.html"), "utf8"));
  const style = minifyStyle(await readFile(join(FOLDER, "page.css"), "utf8"));
  const script = await joinScript(join(FOLDER, "view", "main.ts"));
  for (const [name, text] of Object.entries({ style, script })) {
    if (/<\/|<!--/.test(text))
      throw new Error(`the ${name} of the status page holds "</" or "<!--", which may end its element`);
  }
  const styled = replaceOnce(page, STYLE_LINK, `<style>${style}</style>`);
  return replaceOnce(styled, SCRIPT_LINK, `<script type="module">${script}</script>`);
}

async function joinScript(input) {
  // Loaded here: in a fresh clone `npm start` reads this file before the npm packages are installed.
  const { rolldown } = await import("rolldown");
  const bundle = await rolldown({ input, platform: "browser", logLevel: "warn" });
  try {
    const { output } = await bundle.generate({ format: "es", minify: true });
    if (output.length !== 1) throw new Error(`the status page's script is ${output.length} files, not one`);
    return output[0].code.trim();
  } finally {
    await bundle.close();
  }
}

/** Comments and indentation away. Our style has no string that holds either. */
function minifyStyle(css) {
  return css
    .replaceAll(/\/\*.*?\*\//gs, "")
    .replaceAll(/\s*\n\s*/g, " ")
    .replaceAll(/\s*([{};,])\s*/g, "$1")
    .trim();
}

/** Indentation and comments of the markup away; text keeps a space where it had any. */
function minifyMarkup(html) {
  return html.replaceAll(/<!--.*?-->/gs, "").replaceAll(/\s*\n\s*/g, "\n");
}

function replaceOnce(text, found, replacement) {
  if (text.split(found).length !== 2) throw new Error(`page.html of the status page must hold ${found} once`);
  return text.replace(found, () => replacement);
}
