#!/usr/bin/env zsh
# SPDX-License-Identifier: Apache-2.0
# What zsh makes of a line when the tabulator is typed behind it, on a terminal of its own.
#
# usage: complete.zsh DIRECTORY LINE
#   DIRECTORY has the completion function
zmodload zsh/zpty || exit 2
zpty shell zsh -f -i || exit 2
zpty -w shell "PROMPT=; fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -u -D
show() { zle complete-word; print -r -- \"<\$BUFFER>\"; exit }
zle -N show; bindkey '^I' show; print rea'dy'"
zpty -r shell line '*ready*' || exit 2
zpty -w -n shell "$2"$'\t'
zpty -r shell line '*<*>*' || exit 2
print -r -- "${${line##*<}%%>*}"
