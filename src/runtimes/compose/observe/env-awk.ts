/**
 * Reads a dotenv file as compose does (`export`, `=` or `:`, quotes that span lines, comments) in an awk that POSIX
 * knows: mawk, busybox and gawk. Arguments: names and values by turns. `mode=edit` prints the file with these values,
 * every other byte as it was, and no line of a name in `drop`; `mode=show` prints a line `name value` for each name that has one.
 */
export const ENV_AWK = String.raw`
function closes(from,   i, c, escaped) {
  escaped = 0
  for (i = from; i <= length(line); i++) {
    c = substr(line, i, 1)
    if (escaped) escaped = 0
    else if (c == "\\") escaped = 1
    else if (c == quote) return i
  }
  return 0
}
function ours() { return (name in value) || (name in gone) }
function put(text) { if (mode == "edit") { printf "%s%s", separator, text; separator = "\n" } }
BEGIN {
  for (i = 1; i + 1 < ARGC; i += 2) {
    order[++count] = ARGV[i]; value[ARGV[i]] = ARGV[i + 1]
    ARGV[i] = ""; ARGV[i + 1] = ""
  }
  count_gone = split(drop, dropped, " ")
  for (i = 1; i <= count_gone; i++) gone[dropped[i]] = 1
  quote = ""; name = ""; separator = ""; ending = ""
}
{
  line = $0
  if (NR == 1 && line ~ /\r$/) ending = "\r"
  if (quote != "") {
    end = closes(1)
    if (!ours()) put(line)
    else if (end && (name in value)) put(prefix quote value[name] quote substr(line, end + 1))
    if (end) { if (name in value) set[name] = value[name]; quote = "" }
    next
  }
  if (!match(line, /^[ \t]*(export[ \t]+)?[A-Za-z0-9_.-]+[ \t]*[=:][ \t]*/)) { put(line); next }
  prefix = substr(line, 1, RLENGTH); start = RLENGTH + 1
  name = prefix; sub(/^[ \t]*(export[ \t]+)?/, "", name); sub(/[ \t]*[=:][ \t]*$/, "", name)
  quote = substr(line, start, 1)
  if (quote == "\"" || quote == "'") {
    end = closes(start + 1)
    if (!end) { if (!ours()) put(line); next }
    old = substr(line, start + 1, end - start - 1); rest = substr(line, end + 1)
  } else {
    quote = ""
    old = substr(line, start)
    if (match(old, /[ \t]+#/)) rest = substr(old, RSTART)
    else { match(old, /[ \t\r]*$/); rest = substr(old, RSTART) }
    old = substr(old, 1, length(old) - length(rest))
  }
  if (name in value) { put(prefix quote value[name] quote rest); set[name] = old } else if (!ours()) put(line)
  quote = ""
}
END {
  if (quote != "") exit 65
  for (i = 1; i <= count; i++) {
    if (mode == "show") { if (order[i] in set) print order[i] " " set[order[i]] }
    else if (!(order[i] in set)) {
      if (separator != "" && !final) { printf "%s", ending; final = 1 }
      put(order[i] "=" value[order[i]] ending); final = 1
    }
  }
  if (mode == "edit" && final && separator != "") printf "\n"
}
`
