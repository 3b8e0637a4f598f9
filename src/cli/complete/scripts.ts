// What does a shell have to know to ask us? A script for each, which hands the line over and shows the answer.
//
// They speak the protocol of `aws_completer`, which may stand in for it: `complete -C aws_completer virga`. A script can
// do more: no blank behind `Values=` or a folder, and bash is told of words that hold its own separators.

export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const

export type Shell = (typeof shells)[number]

/** The script that completes `program`, to be read by the shell when it starts. */
export function completionScript(shell: Shell, program: string): string {
  return scripts[shell].replaceAll('PROGRAM', program).replaceAll('NAME', program.replace(/\W/g, '_'))
}

const bash = `# PROGRAM completion for bash. In ~/.bashrc: eval "$(PROGRAM completion bash)"
_NAME() {
  local IFS=$'\\n' word=\${COMP_LINE:0:COMP_POINT}
  COMPREPLY=($(COMP_LINE="$COMP_LINE" COMP_POINT="$COMP_POINT" PROGRAM complete 2>/dev/null))
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[=/:\\[{] ]]; then compopt -o nospace; fi
  # bash completes what stands behind the last of its separators: = and :
  word=\${word##*[[:space:]]}
  local cut=\${word%"\${word##*[=:]}"} index
  if [[ -n $cut && $COMP_WORDBREAKS == *[=:]* ]]; then
    for index in "\${!COMPREPLY[@]}"; do COMPREPLY[index]=\${COMPREPLY[index]#"$cut"}; done
  fi
}
complete -o default -F _NAME PROGRAM
`

const zsh = `#compdef PROGRAM
# PROGRAM completion for zsh. In ~/.zshrc, behind compinit: eval "$(PROGRAM completion zsh)"
_NAME() {
  local line="\${(j: :)words[1,CURRENT]}"
  local -a found open closed
  found=("\${(@f)$(COMP_LINE="$line" COMP_POINT=\${#line} PROGRAM complete 2>/dev/null)}")
  open=(\${(M)found:#*[=/:\\[\\{]})
  closed=(\${found:#*[=/:\\[\\{]})
  (( \${#open} )) && compadd -S '' -- $open
  (( \${#closed} )) && compadd -- $closed
  (( \${#found} )) || _files
}
compdef _NAME PROGRAM
`

const fish = `# PROGRAM completion for fish. In ~/.config/fish/config.fish: PROGRAM completion fish | source
function __NAME_complete
    set -lx COMP_LINE (commandline -cp)
    set -lx COMP_POINT (string length -- $COMP_LINE)
    PROGRAM complete 2>/dev/null
end
complete -c PROGRAM -f -a '(__NAME_complete)'
`

const powershell = `# PROGRAM completion for PowerShell. In $PROFILE: PROGRAM completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName PROGRAM -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $env:COMP_LINE = $commandAst.ToString().PadRight($cursorPosition)
  $env:COMP_POINT = $cursorPosition
  try {
    PROGRAM complete 2>$null | Where-Object { $_ } | ForEach-Object {
      [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
  } finally {
    Remove-Item Env:\\COMP_LINE, Env:\\COMP_POINT
  }
}
`

const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish, powershell }
