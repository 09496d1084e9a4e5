/** Completion scripts, made from the commands' own tables. Everything in them is from this program: no text of a user. */
import type { CommandSpec, FlagSpec } from "./command.ts";
import { commonFlags } from "./parse-args.ts";

/** In: shell, the commands. Out: the script, ended by a line feed. */
export function completionScript(shell: "bash" | "zsh" | "fish", commands: readonly CommandSpec[]): string {
  if (shell === "bash") return bash(commands);
  return shell === "zsh" ? zsh(commands) : fish(commands);
}

type NamedFlag = FlagSpec & { name: string };

function flagsOf(command: CommandSpec): NamedFlag[] {
  return Object.entries({ ...command.flags, ...commonFlags }).map(([name, flag]) => ({ ...flag, name }));
}

/** `--format`, `-f`; `-C` has no long form. */
function spellings({ name, short }: NamedFlag): string[] {
  return [...(name === "directory" ? [] : [`--${name}`]), ...(short === undefined ? [] : [`-${short}`])];
}

function takesFile({ value }: NamedFlag): boolean {
  return value === "FILE" || value === "DIR";
}

function bash(commands: readonly CommandSpec[]): string {
  const branches = commands.map((command) => {
    const flags = flagsOf(command);
    const values = flags.filter((flag) => flag.kind !== "boolean");
    const cases = values.map((flag) => {
      const words = flag.choices === undefined ? "" : flag.choices.join(" ");
      const reply =
        words === "" ? (takesFile(flag) ? 'compgen -f -- "$cur"' : "true") : `compgen -W "${words}" -- "$cur"`;
      return `        ${spellings(flag).join("|")}) mapfile -t COMPREPLY < <(${reply}); return ;;`;
    });
    const words = flags.flatMap(spellings).join(" ");
    const first =
      command.positionals.choices === undefined
        ? 'compgen -f -- "$cur"'
        : `compgen -W "${command.positionals.choices.join(" ")}" -- "$cur"`;
    return `    ${command.name})
      case "$prev" in
${cases.join("\n")}
      esac
      if [[ "$cur" == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "${words}" -- "$cur")
      else mapfile -t COMPREPLY < <(${command.positionals.max === 0 ? "true" : first}); fi ;;`;
  });
  return `# bash completion for leasehold
_leasehold() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    mapfile -t COMPREPLY < <(compgen -W "${commands.map(({ name }) => name).join(" ")} --help --version" -- "$cur")
    return
  fi
  case "\${COMP_WORDS[1]}" in
${branches.join("\n")}
  esac
}
complete -o filenames -F _leasehold leasehold
`;
}

function zsh(commands: readonly CommandSpec[]): string {
  const names = commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`);
  const branches = commands.map((command) => {
    const specs = flagsOf(command).flatMap((flag) => spellings(flag).map((spelling) => zshFlag(flag, spelling)));
    const { choices, max } = command.positionals;
    if (choices !== undefined) specs.push(quote(`1:what:(${choices.join(" ")})`));
    if (max > 0) specs.push(quote("*:file:_files"));
    return `    ${command.name}) _arguments ${specs.join(" ")} ;;`;
  });
  return `#compdef leasehold
# zsh completion for leasehold
_leasehold() {
  local -a commands=(
${names.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${branches.join("\n")}
  esac
}
compdef _leasehold leasehold
`;
}

function zshFlag(flag: NamedFlag, spelling: string): string {
  const text = flag.summary.replace(/[[\]:\\]/g, "\\$&");
  if (flag.kind === "boolean") return quote(`${spelling}[${text}]`);
  const action = flag.choices === undefined ? (takesFile(flag) ? "_files" : " ") : `(${flag.choices.join(" ")})`;
  return quote(
    `${flag.kind === "list" ? "*" : ""}${spelling}[${text}]:${(flag.value ?? "value").toLowerCase()}:${action}`,
  );
}

function fish(commands: readonly CommandSpec[]): string {
  const lines = commands.map(
    ({ name, summary }) => `complete -c leasehold -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
  );
  for (const command of commands) {
    const seen = `-n ${quote(`__fish_seen_subcommand_from ${command.name}`)}`;
    if (command.positionals.choices !== undefined)
      lines.push(`complete -c leasehold ${seen} -f -a ${quote(command.positionals.choices.join(" "))}`);
    for (const flag of flagsOf(command)) {
      const long = flag.name === "directory" ? "" : ` -l ${flag.name}`;
      const short = flag.short === undefined ? "" : ` -s ${flag.short}`;
      const value =
        flag.kind === "boolean"
          ? ""
          : flag.choices === undefined
            ? takesFile(flag)
              ? " -r"
              : " -x"
            : ` -x -a ${quote(flag.choices.join(" "))}`;
      lines.push(`complete -c leasehold ${seen}${long}${short}${value} -d ${quote(flag.summary)}`);
    }
  }
  return `# fish completion for leasehold\n${lines.join("\n")}\n`;
}

/** In single quotes, as all three shells read them. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
