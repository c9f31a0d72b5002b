import { expect, test } from "vitest";
import { projectFiles, read } from "./repository.ts";

/** A folder of somebody's machine: it works there and nowhere else, and tells who worked where. */
const PRIVATE = new RegExp(`(?:^|[\\s"'\`(=:])/(?:${["home", "Users", "root", "work"].join("|")})/[\\w.-]+`);
const BINARY = /\.(png|ico|gz|tgz|woff2)$/;

function linesWithPrivatePaths(text: string): readonly string[] {
  return text.split("\n").filter((line) => PRIVATE.test(line));
}

test("no file names a folder of a developer's machine", () => {
  const files = projectFiles().filter((path) => !BINARY.test(path));
  const found = files.flatMap((path) => linesWithPrivatePaths(read(path)).map((line) => `${path}: ${line.trim()}`));
  expect(found).toEqual([]);
});

test("such a folder is recognized", () => {
  const folder = ["", "home", "ada", "gateway"].join("/");
  expect(linesWithPrivatePaths(`one\nread(${JSON.stringify(folder)})\n`)).toHaveLength(1);
  expect(linesWithPrivatePaths("a request to example.com/home/page is fine, and so is /var/lib/gateway")).toEqual([]);
});
