# Turns the lines `#->NAME $VALUE` of a compiled asm-offsets.c.in into #defines.
/^[ \t]*#?->/ {
    sub(/^[ \t]*#?->/, "")
    value = $2
    sub(/^\$/, "", value)
    print "#define " $1 " " value
}
