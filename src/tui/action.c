#include "tui/action.h"

#include <string.h>

#include "base/i18n.h"

#define ALL PRC_IN_ALL
#define LISTS PRC_IN_LISTS
#define ROOTS PRC_IN_ROOTS
#define MOVE PRC_ACTION_IS_MOVE
#define ROW PRC_ACTION_NEEDS_ROW
#define DANGER PRC_ACTION_DANGEROUS

/* In the order in which help shows them. */
static const PrcActionRow table[] = {
    /* What this is for */
    { PRC_ACTION_APPLY, "apply", "a", N_ ("apply"),
      N_ ("See what has to be written so that all tools agree"), LISTS & ~PRC_IN_PLAN, DANGER, 3 },
    { PRC_ACTION_CHECK, "check", "c", N_ ("check"),
      N_ ("Try the proxy now: is it there, does it take the password?"), LISTS, 0, 4 },
    { PRC_ACTION_PROFILES, "profiles", "p", N_ ("profiles"),
      N_ ("The profiles: choose, make, change and remove them"), LISTS & ~PRC_IN_PROFILES, 0, 6 },
    { PRC_ACTION_LOGIN, "login", "L", N_ ("log in"),
      N_ ("Store user name and password once, for all tools"), LISTS, 0, 7 },
    { PRC_ACTION_PASSWD, "password-changed", "P", N_ ("new password"),
      N_ ("My password has changed: write the new one everywhere"), LISTS, DANGER, 8 },
    { PRC_ACTION_ROUTE, "route", "R", N_ ("route"),
      N_ ("For a URL: which proxy each tool would use, and why"), LISTS, 0, 9 },
    { PRC_ACTION_DOCTOR, "doctor", "D", N_ ("doctor"),
      N_ ("Everything that is wrong, each with its remedy"), LISTS & ~PRC_IN_DOCTOR, 0, 10 },
    { PRC_ACTION_HISTORY, "history", "H", N_ ("history"),
      N_ ("What was written, and taking it back"), LISTS & ~PRC_IN_HISTORY, 0, 11 },
    { PRC_ACTION_UNDO, "undo", "u", N_ ("undo"), N_ ("Take back a change, every byte of it"), LISTS,
      DANGER, 12 },
    { PRC_ACTION_DIRECT, "direct", "0", N_ ("no proxy"),
      N_ ("Remove the proxy everywhere: the profile “direct”"), PRC_IN_OVERVIEW | PRC_IN_PROFILES,
      DANGER, 13 },
    { PRC_ACTION_EXPLAIN, "explain", "i", N_ ("explain"), N_ ("What this means, in plain words"),
      LISTS, 0, 14 },
    { PRC_ACTION_OVERVIEW, "overview", "o", N_ ("overview"),
      N_ ("Back to the overview, from wherever this is"), ALL & ~ROOTS, 0, 0 },

    /* The selected row */
    { PRC_ACTION_OPEN, "open", "Enter Right l" /* untranslated: keys */, N_ ("open"),
      N_ ("Open the selected row"), LISTS, ROW, 1 },
    { PRC_ACTION_FOLD, "fold", "Left h", N_ ("close"),
      N_ ("Close the selected row, or the one it is in"),
      PRC_IN_OVERVIEW | PRC_IN_PLAN | PRC_IN_ROUTE | PRC_IN_HISTORY, ROW | MOVE, 0 },
    { PRC_ACTION_FOLD_ALL, "fold-all", "z", N_ ("all"), N_ ("Open all rows, or close them"),
      PRC_IN_OVERVIEW | PRC_IN_PLAN | PRC_IN_ROUTE | PRC_IN_HISTORY, ROW, 0 },
    { PRC_ACTION_TOGGLE, "choose", "Space", N_ ("choose"),
      N_ ("Choose the selected row, or leave it out"), PRC_IN_PLAN, ROW, 2 },
    { PRC_ACTION_TOGGLE_ALL, "choose-all", "*", N_ ("all"), N_ ("Choose all rows, or none"),
      PRC_IN_PLAN, ROW, 0 },
    { PRC_ACTION_CONFIRM, "write", "w", N_ ("write"), N_ ("Write what is shown here"), PRC_IN_PLAN,
      DANGER, 1 },
    { PRC_ACTION_SAVE, "save", "C-s", N_ ("save"), N_ ("Do what the form is for"), PRC_IN_FORMS, 0,
      1 },
    { PRC_ACTION_REMEDY, "remedy", "m", N_ ("remedy"), N_ ("Do what is proposed for this"),
      PRC_IN_CHECK | PRC_IN_DOCTOR | PRC_IN_OVERVIEW | PRC_IN_SETTING | PRC_IN_PLAN, 0, 2 },
    { PRC_ACTION_EDIT, "edit", "e", N_ ("edit"), N_ ("Change the value in place"),
      PRC_IN_OVERVIEW | PRC_IN_SETTING | PRC_IN_PROFILES, ROW, 2 },
    { PRC_ACTION_EDITOR, "editor", "v", N_ ("editor"),
      N_ ("Open the file in $EDITOR, at this line"),
      PRC_IN_OVERVIEW | PRC_IN_SETTING | PRC_IN_PLAN | PRC_IN_DOCTOR | PRC_IN_ROUTE, 0, 15 },
    { PRC_ACTION_NEW, "new", "Ins +", N_ ("new"), N_ ("Make a new profile"),
      PRC_IN_PROFILES | PRC_IN_START, 0, 3 },
    { PRC_ACTION_IMPORT, "import", "I", N_ ("import"),
      N_ ("Make a profile from what is found on this machine"), PRC_IN_PROFILES | PRC_IN_OVERVIEW,
      0, 13 },
    { PRC_ACTION_USE, "use", "s", N_ ("use"), N_ ("Switch to the selected profile, and apply it"),
      PRC_IN_PROFILES, ROW | DANGER, 2 },
    { PRC_ACTION_REMOVE, "remove", "Del d", N_ ("remove"), N_ ("Remove the selected row"),
      PRC_IN_PROFILES | PRC_IN_SETTING | PRC_IN_HISTORY, ROW | DANGER, 5 },
    { PRC_ACTION_FORCE, "force", "F", N_ ("send anyway"),
      N_ ("Send a password that the proxy has rejected before"), PRC_IN_CHECK, DANGER, 5 },

    /* Finding */
    { PRC_ACTION_SEARCH, "search", "/", N_ ("search"), N_ ("Search, and jump to what is found"),
      LISTS, 0, 16 },
    { PRC_ACTION_NEXT_MATCH, "next-match", "n", N_ ("next"), N_ ("The next one that is found"),
      LISTS, MOVE, 0 },
    { PRC_ACTION_PREVIOUS_MATCH, "previous-match", "N", N_ ("previous"), N_ ("The one before"),
      LISTS, MOVE, 0 },
    { PRC_ACTION_FILTER, "filter", "f &", N_ ("filter"),
      N_ ("Show only the rows that have a certain text"), LISTS, 0, 17 },

    /* Moving */
    { PRC_ACTION_UP, "up", "Up k C-p", N_ ("up"), N_ ("One row up"), LISTS, MOVE, 0 },
    { PRC_ACTION_DOWN, "down", "Down j C-n", N_ ("down"), N_ ("One row down"), LISTS, MOVE, 0 },
    { PRC_ACTION_PAGE_UP, "page-up", "PgUp C-b C-u", N_ ("page up"), N_ ("One page up"), LISTS,
      MOVE, 0 },
    { PRC_ACTION_PAGE_DOWN, "page-down", "PgDn C-f C-d", N_ ("page down"), N_ ("One page down"),
      LISTS, MOVE, 0 },
    { PRC_ACTION_FIRST, "first", "Home g", N_ ("first"), N_ ("The first row"), LISTS, MOVE, 0 },
    { PRC_ACTION_LAST, "last", "End G", N_ ("last"), N_ ("The last row"), LISTS, MOVE, 0 },

    /* The program */
    { PRC_ACTION_REFRESH, "refresh", "r F5", N_ ("refresh"), N_ ("Read everything again"), ALL, 0,
      0 },
    { PRC_ACTION_CANCEL, "cancel", "x C-g", N_ ("cancel"), N_ ("Stop what runs in the background"),
      ALL, 0, 18 },
    { PRC_ACTION_LOCK, "lock", "", N_ ("lock"),
      N_ ("Forget the passphrase of the store that was typed here"), ALL, 0, 0 },
    { PRC_ACTION_SCHEME, "colours", "", N_ ("colours"),
      N_ ("The next colour scheme: 16, 256, safe, mono"), ALL, 0, 0 },
    { PRC_ACTION_REDRAW, "redraw", "C-l", N_ ("redraw"), N_ ("Draw the screen anew"), ALL, MOVE,
      0 },
    { PRC_ACTION_SUSPEND, "suspend", "C-z", N_ ("suspend"),
      N_ ("Back to the shell; fg comes back here"), ALL, 0, 0 },
    { PRC_ACTION_PALETTE, "palette", ":", N_ ("command"), N_ ("Type the name of what to do"), LISTS,
      MOVE, 0 },
    { PRC_ACTION_HELP, "help", "? F1", N_ ("help"),
      N_ ("What can be done here, and with which keys"), ALL & ~PRC_IN_HELP, 0, 19 },
    { PRC_ACTION_BACK, "back", "Esc q", N_ ("back"), N_ ("Back to where this was opened"),
      ALL & ~ROOTS, 0, 20 },
    { PRC_ACTION_QUIT, "quit", "q C-q C-c", N_ ("quit"), N_ ("Leave the program"), ROOTS, 0, 20 },
    { PRC_ACTION_QUIT_ALL, "quit-all", "C-q C-c", N_ ("quit"),
      N_ ("Leave the program, from wherever this is"), ALL & ~ROOTS, 0, 0 },
};

const PrcActionRow *
prc_actions (gsize *ret_n)
{
    *ret_n = G_N_ELEMENTS (table);
    return table;
}

const PrcActionRow *
prc_action_row (PrcActionId id)
{
    for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
        if (table[i].id == id)
            return &table[i];
    g_return_val_if_reached (&table[0]);
}

/* Parsed once; a key map of a few dozen entries needs no more than a walk. */
static const PrcKey *
keys_of_row (gsize row)
{
    enum { KEYS_MAX = 5 };
    static PrcKey keys[G_N_ELEMENTS (table)][KEYS_MAX];
    static gsize is_ready = 0;

    if (g_once_init_enter (&is_ready)) {
        for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
            g_auto (GStrv) parts = g_strsplit (table[i].keys, " ", KEYS_MAX - 1);

            for (gsize k = 0; parts[k] != NULL && *parts[k] != '\0'; k++)
                keys[i][k] = prc_key_parse (parts[k]);
        }
        g_once_init_leave (&is_ready, 1);
    }
    return keys[row];
}

PrcActionId
prc_action_for_key (PrcKey key, PrcViewSet view)
{
    if (key == PRC_KEY_NONE || (prc_key_is_text (key) && (view & PRC_IN_FORMS) != 0))
        return PRC_ACTION_NONE;
    for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
        const PrcKey *keys = keys_of_row (i);

        for (gsize k = 0; (table[i].where & view) != 0 && keys[k] != PRC_KEY_NONE; k++)
            if (keys[k] == key)
                return table[i].id;
    }
    return PRC_ACTION_NONE;
}

const PrcActionRow *
prc_action_by_name (const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
        if (strcmp (table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

char *
prc_action_key_name (const PrcActionRow *row, PrcViewSet view)
{
    g_auto (GStrv) keys = g_strsplit (row->keys, " ", -1);

    for (char **key = keys; *key != NULL && **key != '\0'; key++)
        if (prc_action_for_key (prc_key_parse (*key), view) == row->id)
            return g_strdup (*key);
    return g_strdup ("");
}

char *
prc_actions_dump (void)
{
    GString *out = g_string_new (NULL);

    for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
        g_string_append_printf (out, "%s\t%s\t%s\n", table[i].keys, table[i].name, table[i].help);
    return g_string_free (out, FALSE);
}
