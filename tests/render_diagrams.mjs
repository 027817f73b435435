// Renders Mermaid diagrams: a JSON list of texts on stdin, a JSON list of lists of node labels on
// stdout. The first argument is a folder whose node_modules has mermaid and jsdom.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.argv[2], "anything.js"));
const { JSDOM } = require("jsdom");

const { window } = new JSDOM("<body></body>", { pretendToBeVisual: true });
globalThis.window = window;
globalThis.document = window.document;
for (const name of ["Element", "HTMLElement", "SVGElement", "Node", "DOMParser", "XMLSerializer"]) {
    globalThis[name] = window[name];
}

// jsdom lays nothing out: what is measured has some size
globalThis.CSSStyleSheet = window.CSSStyleSheet = class {
    cssRules = [];
    insertRule() {}
    replaceSync() {}
};
const box = { x: 0, y: 0, top: 0, left: 0, right: 100, bottom: 20, width: 100, height: 20 };
Object.assign(window.Element.prototype, {
    getBBox: () => box,
    getBoundingClientRect: () => box,
    getComputedTextLength: () => 100,
    getTotalLength: () => 100,
    getPointAtLength: () => ({ x: 0, y: 0 }),
});

const path = require.resolve("mermaid").replace(/[^/\\]*$/, "mermaid.core.mjs");
const { default: mermaid } = await import(pathToFileURL(path));
mermaid.initialize({ startOnLoad: false, maxTextSize: 500000, maxEdges: 5000 });

const labels = [];
for (const [number, text] of JSON.parse(readFileSync(0, "utf8")).entries()) {
    await mermaid.parse(text);
    const { svg } = await mermaid.render(`diagram${number}`, text);
    const page = new JSDOM(svg).window.document;
    labels.push(
        [...page.querySelectorAll(".node .nodeLabel")].map((label) =>
            label.innerHTML.replace(/<br\s*\/?>/g, "\n"),
        ).map((html) => {
            const line = page.createElement("div");
            line.innerHTML = html;
            return line.textContent;
        }),
    );
}
console.log(JSON.stringify(labels));
