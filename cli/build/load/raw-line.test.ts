import { expect, test } from "vitest";
import { rawLineMistake } from "./raw-line.ts";

test.each([
  "gzip on;",
  "  gzip on ; ",
  "gzip on; gzip_types text/css;",
  "map $uri $x { default 1; /a 2; }",
  "location /x { return 200; } location /y { return 204; }",
  'add_header X "a; } b";',
  "add_header X 'a { b';",
  'add_header X "say \\"hi\\"";',
  "add_header X a\\;b;",
  "set $a ${b}c;",
  "log_format x '$remote_addr \"$request\"';",
  'if ($a = "b") { return 200; }',
  'rewrite "^/a{2}$" /b;',
  "set $a ${b;",
  "add_header X a}b;",
  "events {}",
])("%s", (line) => {
  expect(rawLineMistake(line)).toBeUndefined();
});

test.each([
  ["", "is empty"],
  ["   ", "is empty"],
  ["gzip on", "does not end"],
  ["gzip on\\;", "does not end"],
  ["gzip on\\", "does not end"],
  ["gzip \\;", "does not end"],
  ["}", "} without its {"],
  ["} location /x {", "} without its {"],
  ["gzip on; }", "} without its {"],
  ["gzip on }", "} before"],
  ["gzip }; on;", "} before"],
  ["map $a $b { default 1;", "{ without its }"],
  ["map $a $b { default 1; }}", "} without its {"],
  ["map $a $b { default 1 }", "} before"],
  [";", "; without a directive"],
  ["{ }", "{ without a directive"],
  ["gzip on;;", "; without a directive"],
  ["set $a 'b;", "unclosed '"],
  ['set $a "b\\";', 'unclosed "'],
  ["set $a 'b'c;", "after a closing quote"],
  ["gzip on; # } why", "comment"],
  ["# why", "comment"],
  ["gzip on;\ngzip off;", "line break"],
  ["gzip on;\r", "line break"],
  ["gzip\ton;", "line break or control"],
  ["gzip on;\0", "control character"],
  ["content_by_lua_block { ngx.say(1) }", "Lua block"],
  ["access_by_lua_block { -- }", "Lua block"],
])("not %j", (line, mistake) => {
  expect(rawLineMistake(line)).toContain(mistake);
});
