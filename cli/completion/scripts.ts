/**
 * What a shell needs to know: when to call `autoscale-lua complete -- <words>`, and what to do with its lines. Each line is
 * a value, a tab and its description; `:files` and `:folders` ask for paths.
 */

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * bash takes words apart at colons and equals signs, so the line itself is read, and what bash holds for earlier words is
 * taken off the answers. Written for bash 3.2 too, which macOS still has.
 */
const bash = `# bash completion for autoscale-lua
_autoscale_lua() {
  local line="\${COMP_LINE:0:COMP_POINT}" words=() answer value current apart="" kind
  read -r -a words <<< "$line"
  case "$line" in *[[:space:]]) words+=("") ;; esac
  current="\${words[\${#words[@]}-1]}"
  case "$current" in *[:=]*) apart="\${current%"\${current##*[:=]}"}" ;; esac
  COMPREPLY=()
  while IFS= read -r answer; do
    case "$answer" in
      :files | :folders)
        kind=-f
        if [ "$answer" = :folders ]; then kind=-d; fi
        if type compopt > /dev/null 2>&1; then compopt -o filenames 2> /dev/null; fi
        while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen "$kind" -- "\${current#"$apart"}")
        ;;
      *)
        value="\${answer%%$'\\t'*}"
        COMPREPLY+=("\${value#"$apart"}")
        ;;
    esac
  done < <("$1" complete -- "\${words[@]:1}" 2> /dev/null)
}
complete -F _autoscale_lua autoscale-lua
`;

const zsh = `#compdef autoscale-lua
# zsh completion for autoscale-lua
_autoscale_lua() {
  local -a answers values
  local answer value
  answers=("\${(@f)$(\${words[1]} complete -- "\${(@)words[2,CURRENT]}" 2> /dev/null)}")
  for answer in "\${answers[@]}"; do
    case "$answer" in
      '') ;;
      :files) _files ;;
      :folders) _files -/ ;;
      *)
        value="\${answer%%$'\\t'*}"
        values+=("\${value//:/\\\\:}:\${answer#*$'\\t'}")
        ;;
    esac
  done
  (( \${#values} )) && _describe autoscale-lua values
}
if [ "\${funcstack[1]}" = _autoscale_lua ]; then
  _autoscale_lua "$@"
else
  compdef _autoscale_lua autoscale-lua
fi
`;

const fish = `# fish completion for autoscale-lua
function __autoscale_lua_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  for answer in ($words[1] complete -- $words[2..-1] "$current" 2> /dev/null)
    switch $answer
      case :files
        __fish_complete_path "$current"
      case :folders
        __fish_complete_directories "$current"
      case '*'
        echo $answer
    end
  end
end
complete -c autoscale-lua -f -a '(__autoscale_lua_complete)'
`;

export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
