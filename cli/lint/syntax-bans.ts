import type { Rule } from "eslint";
import { ban } from "./ban.ts";

const LAMBDA = ":matches(ArrowFunctionExpression, FunctionExpression)";
const ARRAY_METHODS = "/^(every|filter|find|findIndex|findLast|flatMap|forEach|map|reduce|some|sort)$/";

/**
 * Syntax that means something else in Lua, loses information on its way through nginx, or stops LuaJIT from
 * compiling the code around it. CONTRIBUTING.md gives the reason and the measured cost of each.
 */
export const syntaxBans: Readonly<Record<string, Rule.RuleModule>> = {
  "no-modulo": ban(
    ":matches(BinaryExpression[operator='%'], AssignmentExpression[operator='%='])",
    "% rounds towards minus infinity in Lua: write a - b * Math.floor(a / b), which is the same in both languages.",
  ),
  "no-throw": ban(
    "ThrowStatement",
    "The text of a thrown Error is lost in nginx: return a value that says what happened, or call error(text) in a host.",
  ),
  "no-try": ban("TryStatement", "try is a closure and a pcall on each call: call pcall(namedFunction, …) instead."),
  "no-spread": ban(
    ":matches(SpreadElement, RestElement)",
    "Spread and rest copy a table on each call and are not compiled: name the arguments or the fields.",
  ),
  "no-class": ban(
    ":matches(ClassDeclaration, ClassExpression)",
    "Classes pull in the TypeScriptToLua library: write a function that returns an object of closures.",
  ),
  "no-switch": ban(
    "SwitchStatement",
    "switch becomes a repeat loop, which aborts the traces of its surroundings: write if and else if.",
  ),
  "no-array-lambda": ban(
    `CallExpression[callee.property.name=${ARRAY_METHODS}] > ${LAMBDA}.arguments:first-child`,
    "An array method with a function makes a closure on each call: write a for loop.",
  ),
  "no-regex": ban(
    ":matches(Literal[regex], NewExpression[callee.name='RegExp'])",
    "Lua has no regular expressions: use indexOf or charCodeAt, a Lua pattern, or ngx.re in nginx/runtime.",
  ),
  "no-async": ban(
    ":matches(:function[async=true], :function[generator=true], AwaitExpression)",
    "Promises and generators do not exist in nginx: a cosocket or sleep call yields by itself.",
  ),
  "no-accessor": ban(
    ":matches(Property[kind=/^[gs]et$/], MethodDefinition[kind=/^[gs]et$/])",
    "Getters and setters become metatables: write a function.",
  ),
  "no-null": ban(
    "Literal[raw='null']",
    "null is nil in Lua, the same as undefined: write undefined. ngx.null and cjson.null are values of their own.",
  ),
  "no-default-export": ban(
    "ExportDefaultDeclaration",
    "A default export is the field `default` of the Lua module, which no gateway reads: export a name.",
  ),
  "no-delete": ban(
    "UnaryExpression[operator='delete']",
    "delete calls the TypeScriptToLua library: assign undefined to the field.",
  ),
  "no-object-statics": ban(
    "CallExpression[callee.object.name='Object']",
    "Object.keys and its kin build a table on each call (330 to 650 ns): keep an array beside the table, or use for..in.",
  ),
};
