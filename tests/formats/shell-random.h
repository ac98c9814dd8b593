/* shell-random.h - random start-up files in the grammar of sh, bash or zsh; include after test.h */
#pragma once

typedef enum { RANDOM_SH, RANDOM_BASH, RANDOM_ZSH } RandomDialect;

typedef struct {
    GRand *rand;
    RandomDialect dialect;
    GString *out;
    GString *here; /* bodies to come at the end of the line */
    guint depth, n_functions;
    gboolean plain; /* nothing that is only sometimes run */
} Random;

static const char *const random_names[] = { "a",          "b",           "cc",       "d_d",
                                            "http_proxy", "HTTPS_PROXY", "no_proxy", "E9" };

static inline guint
random_below (Random *r, guint n)
{
    return (guint) g_rand_int_range (r->rand, 0, (gint32) n);
}

static inline gboolean
random_chance (Random *r, guint percent)
{
    return random_below (r, 100) < percent;
}

static inline const char *
random_name (Random *r)
{
    return random_names[random_below (r, G_N_ELEMENTS (random_names))];
}

#define RANDOM_PICK(r, array) ((array)[random_below ((r), G_N_ELEMENTS (array))])

static inline void
random_add (Random *r, const char *text)
{
    g_string_append (r->out, text);
}

static inline void
random_default_word (Random *r)
{
    static const char *const words[] = { "x", "", "y.z", "1", "a/b", "http:" };

    random_add (r, RANDOM_PICK (r, words));
}

static inline void
random_reference (Random *r)
{
    static const char *const operators[] = { ":-", "-", ":+", "+", ":=", "=" };

    if (random_chance (r, 40)) {
        g_string_append_printf (r->out, "$%s", random_name (r));
    } else if (random_chance (r, 50)) {
        g_string_append_printf (r->out, "${%s}", random_name (r));
    } else {
        g_string_append_printf (r->out, "${%s%s", random_name (r), RANDOM_PICK (r, operators));
        random_default_word (r);
        random_add (r, "}");
    }
}

static inline void
random_single (Random *r)
{
    static const char *const texts[] = { "'x y'",  "'$a'",   "'#'",    "'\\'", "''",  "'\"'",
                                         "'`ls`'", "'!x'",   "'a\nb'", "'; '", "'*'", "'\\\n'",
                                         "'~'",    "'\xff'", "'}'",    "')'" };

    random_add (r, RANDOM_PICK (r, texts));
}

static inline void
random_double (Random *r)
{
    static const char *const texts[] = {
        "x y", "\\$a", "\\\"", "\\\\",     "\\q", "'",     "#", "\\\n", "!",  "\\`", "*",  "a\nb",
        "~",   ";",    "&",    "\xc3\xa9", "%40", "http:", ")", "\\ ",  "$ ", "}",   "{,}"
    };

    random_add (r, "\"");
    for (guint n = random_below (r, 4); n > 0; n--) {
        if (random_chance (r, 30))
            random_reference (r);
        else
            random_add (r, RANDOM_PICK (r, texts));
    }
    random_add (r, "\"");
}

static inline void
random_bare (Random *r)
{
    static const char *const texts[] = {
        "x",    "1",   "http://h:3128", "a#b", "u%40x", "\\ ",     "\\#", "\\$", "\\'",    "\\\"",
        "\\\\", "a=b", "x\\\ny",        "*",   "-",     "@",       ",",   "{",   "}",      "\\;",
        "\\&",  "\\(", "h:80",          "!",   "^",     "a{b,c}d", "[x]", "?",   "\\\xfe", "=q"
    };

    const char *text = RANDOM_PICK (r, texts);

    /* zsh: a brace of its own kind, in an argument that it does not know for an assignment. */
    random_add (r, r->dialect == RANDOM_ZSH && *text == '}' ? "x" : text);
}

static inline void
random_ansi (Random *r)
{
    static const char *const texts[] = { "$'a\\tb'", "$'\\''",    "$'\\x41'", "$'\\\\'",
                                         "$'x\\ny'", "$'\\101b'", "$''",      "$'\"'" };

    random_add (r, RANDOM_PICK (r, texts));
}

static inline void
random_dynamic (Random *r)
{
    static const char *const texts[] = { "$(echo x)",
                                         "`echo y`",
                                         "$((1+2))",
                                         "~/x",
                                         "$HOME",
                                         "\"$(echo \"q)\" ')')\"",
                                         "$(case x in x) echo 1;; esac)",
                                         "${HOME#/}",
                                         "${#a}",
                                         "$#" };

    random_add (r, RANDOM_PICK (r, texts));
}

static inline void
random_value (Random *r)
{
    for (guint n = random_below (r, 4); n > 0; n--) {
        guint kind = random_below (r, 100);

        if (kind < 30)
            random_bare (r);
        else if (kind < 50)
            random_single (r);
        else if (kind < 75)
            random_double (r);
        else if (kind < 90)
            random_reference (r);
        else if (kind < 94 && r->dialect != RANDOM_SH)
            random_ansi (r);
        else if (kind >= 97 && !r->plain)
            random_dynamic (r);
    }
}

static inline void
random_assignment (Random *r)
{
    random_add (r, random_name (r));
    if (r->dialect == RANDOM_BASH && random_chance (r, 10))
        random_add (r, "+");
    random_add (r, "=");
    random_value (r);
}

static inline void
random_blank (Random *r)
{
    static const char *const blanks[] = { " ", " ", " ", "  ", "\t", " \\\n ", "\\\n " };

    random_add (r, RANDOM_PICK (r, blanks));
}

static inline void
random_export (Random *r)
{
    static const char *const sh[] = { "export", "export", "export", "export --" };
    static const char *const bash[] = { "export",    "export",     "declare -x", "typeset -x",
                                        "declare",   "declare +x", "export -n",  "declare -gx",
                                        "export --", "\\export",   "typeset" };
    static const char *const zsh[] = {
        "export",     "export",      "typeset -x", "declare -x",
        "typeset +x", "typeset -gx", "typeset",    "builtin export"
    };

    random_add (r, r->dialect == RANDOM_SH     ? RANDOM_PICK (r, sh)
                   : r->dialect == RANDOM_BASH ? RANDOM_PICK (r, bash)
                                               : RANDOM_PICK (r, zsh));
    for (guint n = 1 + random_below (r, 3); n > 0; n--) {
        random_blank (r);
        if (random_chance (r, 25)) {
            random_add (r, random_name (r));
        } else if (random_chance (r, 10)) {
            g_string_append_printf (r->out, "'%s=q r'", random_name (r));
        } else {
            random_add (r, random_name (r));
            random_add (r, "=");
            random_value (r);
        }
    }
}

static inline void
random_condition (Random *r)
{
    static const char *const conditions[] = {
        "true",     "false",  ":",          "[ -n \"$a\" ]",   "test -z \"$b\"",
        "[ -d / ]", "! true", "test x = y", "[ \"$cc\" = x ]", "command -v sh >/dev/null"
    };

    random_add (r, RANDOM_PICK (r, conditions));
}

static inline void random_list (Random *r, guint most);

static inline void
random_here (Random *r)
{
    static const char *const bodies[] = { "export a=here\n", "it's \"\n", "$a `echo` \n", "\n",
                                          "x \\\\\n",        "if (\n" };
    static guint count;
    g_autofree char *name = g_strdup_printf ("E%u", count++ % 7);
    gboolean quoted = random_chance (r, 50), tabs = random_chance (r, 30);

    g_string_append_printf (r->out, "cat >/dev/null <<%s%s%s%s", tabs ? "-" : "", quoted ? "'" : "",
                            name, quoted ? "'" : "");
    for (guint n = random_below (r, 3); n > 0; n--)
        g_string_append (r->here, RANDOM_PICK (r, bodies));
    g_string_append_printf (r->here, "%s%s\n", tabs ? "\t" : "", name);
}

static inline void
random_end_line (Random *r)
{
    if (random_chance (r, 15))
        random_add (r, " # export a=comment 'x");
    random_add (r, "\n");
    g_string_append_len (r->out, r->here->str, (gssize) r->here->len);
    g_string_truncate (r->here, 0);
}

static inline void
random_compound (Random *r)
{
    switch (random_below (r, 9)) {
    case 0:
    case 1:
        random_add (r, "if ");
        random_condition (r);
        random_add (r, random_chance (r, 50) ? "; then " : "\nthen\n");
        random_list (r, 2);
        if (random_chance (r, 30)) {
            random_add (r, "elif ");
            random_condition (r);
            random_add (r, "; then ");
            random_list (r, 2);
        }
        if (random_chance (r, 40)) {
            random_add (r, "else ");
            random_list (r, 2);
        }
        random_add (r, "fi");
        break;
    case 2:
        random_add (r, "case \"$a\" in\n  x) ");
        random_list (r, 2);
        random_add (r, ";;\n (y|*) ");
        random_list (r, 1);
        random_add (r, random_chance (r, 50) ? ";;\nesac" : "esac");
        break;
    case 3:
        g_string_append_printf (r->out, "for %s in 1 'x y'; do ", random_name (r));
        random_list (r, 2);
        random_add (r, "done");
        break;
    case 4:
        random_add (r, "while ");
        random_condition (r);
        random_add (r, "; do ");
        random_list (r, 1);
        random_add (r, "break; done");
        break;
    case 5:
        random_add (r, "{ ");
        random_list (r, 3);
        random_add (r, "}");
        if (random_chance (r, 30))
            random_add (r, " >/dev/null");
        break;
    case 6:
        random_add (r, "( ");
        random_list (r, 2);
        random_add (r, ")");
        break;
    case 7:
        g_string_append_printf (r->out, "f%u () {\n", r->n_functions++);
        if (random_chance (r, 30))
            g_string_append_printf (r->out, "local %s=l\n", random_name (r));
        random_list (r, 2);
        random_add (r, "}");
        break;
    default:
        if (r->dialect == RANDOM_SH)
            random_add (r, "[ -n \"$a\" ] && ");
        else
            random_add (r, "[[ -n $a && ( x == x || 1 < 2 ) ]] && ");
        random_export (r);
    }
}

static inline void
random_rare (Random *r)
{
    static const char *const all[] = { "alias ll='ls -l'",
                                       "a=1 true",
                                       "http_proxy=x command true",
                                       "env b=1 true",
                                       "readonly R1=1",
                                       "export | cat >/dev/null",
                                       "export a=bg & wait",
                                       "echo x | cat >/dev/null",
                                       "eval 'a=1'",
                                       "eval true",
                                       "read d_d </dev/null",
                                       "exec 3>/dev/null",
                                       "trap : USR1",
                                       "true || export a=no",
                                       "a=1 export b=pre",
                                       "echo \"$(export a=sub)\" >/dev/null",
                                       "unset -f f0",
                                       "cd .",
                                       "[ -r /nonexistent ] && . /nonexistent",
                                       "if [ -r /dev/null ]; then . /dev/null; fi",
                                       "(export a=1; exit 1)",
                                       "export 'a=x y' \"b=$a\"",
                                       "export a=1 && export b=2",
                                       "a=1 && export a || export b=n",
                                       "! export cc=neg",
                                       "PATH=$PATH:/x",
                                       "x=${a?}",
                                       "x=${a:?}" };
    static const char *const more[] = {
        "cat <<<x >/dev/null",     "(( a = 1 + 2 ))",  "let b=3",
        "printf -v a %s x",        "a=(1 2)",          "export a; time true",
        "echo <(true) >/dev/null", "[[ a =~ (a|b) ]]", "declare -i E9=4",
        "true &>/dev/null",        "typeset -u E9=up", "function g { export d_d=g; }",
        "declare -r R2=1"
    };

    if (r->dialect != RANDOM_SH && random_chance (r, 35))
        random_add (r, RANDOM_PICK (r, more));
    else
        random_add (r, RANDOM_PICK (r, all));
}

static inline void
random_command (Random *r)
{
    guint kind = random_below (r, 100);

    if (kind < 40) {
        random_export (r);
    } else if (kind < 60) {
        random_assignment (r);
        if (random_chance (r, 20)) {
            random_add (r, " ");
            random_assignment (r);
        }
    } else if (kind < 66) {
        g_string_append_printf (r->out, "unset %s%s", random_chance (r, 30) ? "-v " : "",
                                random_name (r));
    } else if (kind < 70) {
        random_add (r, ": ");
        g_string_append_printf (r->out, "${%s:=", random_name (r));
        random_default_word (r);
        random_add (r, "}");
    } else if (kind < 74) {
        random_here (r);
    } else if (kind < 77) {
        random_add (r, random_chance (r, 50) ? "set -a" : "set +a");
    } else if (r->plain || r->depth > 2) {
        random_add (r, "echo '' >/dev/null");
    } else if (kind < 90) {
        random_compound (r);
    } else if (kind < 94 && r->n_functions > 0) {
        g_string_append_printf (r->out, "f%u", random_below (r, r->n_functions));
    } else if (kind < 95) {
        random_condition (r);
        random_add (r, random_chance (r, 50) ? " && return" : " || return");
    } else {
        random_rare (r);
    }
}

static inline void
random_list (Random *r, guint most)
{
    r->depth++;
    for (guint n = 1 + random_below (r, most); n > 0; n--) {
        random_command (r);
        if (r->here->len == 0 && random_chance (r, 35))
            random_add (r, "; ");
        else
            random_end_line (r);
    }
    r->depth--;
}

/** random_file: (transfer full) */
static inline GBytes *
random_file (GRand *rand, RandomDialect dialect, gboolean plain)
{
    Random r = { rand, dialect, g_string_new (NULL), g_string_new (NULL), 0, 0, plain };

    if (random_chance (&r, 20))
        random_add (&r, "# a comment\n");
    /* So that everything in it can be known. */
    if (plain)
        for (guint i = 0; i < G_N_ELEMENTS (random_names); i++)
            g_string_append_printf (r.out, "unset %s\n", random_names[i]);
    for (guint n = 1 + random_below (&r, 8); n > 0; n--) {
        if (random_chance (&r, 15))
            random_add (&r, "  ");
        random_command (&r);
        if (r.here->len == 0 && random_chance (&r, 15))
            random_add (&r, "; ");
        else if (n == 1 && r.here->len == 0 && random_chance (&r, 20))
            break;
        else
            random_end_line (&r);
    }
    g_string_free (r.here, TRUE);
    return g_string_free_to_bytes (r.out);
}
