import { UNPRINTABLE } from "./route-path.ts";

/**
 * What is wrong with a raw nginx line, or undefined. It must hold whole directives, so that it cannot swallow or
 * end what stands around it. The states are those of nginx's own reader (`ngx_conf_read_token`).
 */
export function rawLineMistake(line: string): string | undefined {
  if (UNPRINTABLE.test(line)) return "holds a line break or control character; write one entry a line";
  // Inside such a block Lua's own quotes and comments rule, which could hide the closing brace.
  if (/_by_lua_block/.test(line)) return "holds a Lua block; write a plugin, or use the _by_lua_file form";
  return new TokenReader().read(line);
}

class TokenReader {
  #depth = 0;
  /** Words of the directive so far. */
  #words = 0;
  #inWord = false;
  #quote = "";
  #escaped = false;
  #afterQuote = false;
  /** After `$`, where `{` begins a variable's name and not a block. */
  #variable = false;

  read(line: string): string | undefined {
    for (const character of line) {
      const mistake = this.#take(character);
      if (mistake !== undefined) return mistake;
    }
    if (this.#quote !== "") return `has an unclosed ${this.#quote}`;
    if (this.#depth > 0) return "has a { without its }";
    if (this.#inWord || this.#words > 0 || this.#escaped) return "does not end with ; or }";
    return line.trim() === "" ? "is empty" : undefined;
  }

  #take(character: string): string | undefined {
    if (this.#escaped) {
      this.#escaped = false;
      return undefined;
    }
    if (this.#afterQuote) {
      this.#afterQuote = false;
      if (!/[ ;{)]/.test(character)) return "has text directly after a closing quote";
    }
    return this.#inWord ? this.#insideWord(character) : this.#betweenWords(character);
  }

  #betweenWords(character: string): string | undefined {
    if (character === " ") return undefined;
    if (character === ";" || character === "{") return this.#endDirective(character);
    if (character === "}") return this.#endBlock();
    if (character === "#") return "holds a comment; write it as a comment of gateway.yaml";
    this.#inWord = true;
    this.#escaped = character === "\\";
    this.#variable = character === "$";
    if (character === '"' || character === "'") this.#quote = character;
    return undefined;
  }

  #insideWord(character: string): string | undefined {
    if (character === "{" && this.#variable) return undefined;
    this.#variable = character === "$";
    if (character === "\\") this.#escaped = true;
    else if (this.#quote !== "") {
      if (character !== this.#quote) return undefined;
      this.#quote = "";
      this.#afterQuote = true;
      this.#endWord();
    } else if (character === " ") this.#endWord();
    else if (character === ";" || character === "{") {
      this.#endWord();
      return this.#endDirective(character);
    }
    return undefined;
  }

  #endWord(): void {
    this.#inWord = false;
    this.#words++;
  }

  #endDirective(character: string): string | undefined {
    if (this.#words === 0) return `has a ${character} without a directive before it`;
    this.#words = 0;
    if (character === "{") this.#depth++;
    return undefined;
  }

  #endBlock(): string | undefined {
    if (this.#words > 0) return "has a } before the ; of a directive";
    if (this.#depth === 0) return "has a } without its {";
    this.#depth--;
    return undefined;
  }
}
