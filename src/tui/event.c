#include "tui/event.h"

#include <string.h>

#include "base/secret.h"

static const struct {
    const char *name;
    PrcKey key;
} names[] = {
    { "Tab", PRC_KEY_TAB },
    { "Enter", PRC_KEY_ENTER },
    { "Esc", PRC_KEY_ESCAPE },
    { "Backspace", PRC_KEY_BACKSPACE },
    { "Space", ' ' },
    { "Up", PRC_KEY_UP },
    { "Down", PRC_KEY_DOWN },
    { "Left", PRC_KEY_LEFT },
    { "Right", PRC_KEY_RIGHT },
    { "Home", PRC_KEY_HOME },
    { "End", PRC_KEY_END },
    { "PgUp", PRC_KEY_PAGE_UP },
    { "PgDn", PRC_KEY_PAGE_DOWN },
    { "Ins", PRC_KEY_INSERT },
    { "Del", PRC_KEY_DELETE },
};

static const struct {
    const char *prefix;
    PrcKey bit;
} modifiers[] = {
    { "C-", PRC_KEY_CTRL },
    { "M-", PRC_KEY_ALT },
    { "S-", PRC_KEY_SHIFT },
};

void
prc_event_clear (PrcEvent *event)
{
    prc_wipe_free (event->text);
    event->text = NULL;
}

PrcKey
prc_key_parse (const char *name)
{
    gunichar c = 0;

    for (gsize i = 0; i < G_N_ELEMENTS (modifiers); i++)
        if (g_str_has_prefix (name, modifiers[i].prefix) && name[2] != '\0') {
            PrcKey rest = prc_key_parse (name + 2);

            return rest != PRC_KEY_NONE ? rest | modifiers[i].bit : PRC_KEY_NONE;
        }
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        if (strcmp (name, names[i].name) == 0)
            return names[i].key;
    if (name[0] == 'F' && name[1] >= '1' && name[1] <= '9') {
        guint64 number = g_ascii_strtoull (name + 1, NULL, 10);

        return number <= 12 ? PRC_KEY_F1 + (PrcKey) number - 1 : PRC_KEY_NONE;
    }
    c = g_utf8_get_char_validated (name, -1);
    if (c == (gunichar) -1 || c == (gunichar) -2 || c <= 0x20 || *g_utf8_next_char (name) != '\0')
        return PRC_KEY_NONE;
    return c;
}

char *
prc_key_name (PrcKey key)
{
    GString *out = g_string_new (NULL);
    PrcKey plain = key & 0xFFFFFF;

    for (gsize i = 0; i < G_N_ELEMENTS (modifiers); i++)
        if ((key & modifiers[i].bit) != 0)
            g_string_append (out, modifiers[i].prefix);
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        if (plain == names[i].key) {
            g_string_append (out, names[i].name);
            return g_string_free (out, FALSE);
        }
    if (plain >= PRC_KEY_F1 && plain <= PRC_KEY_F12)
        g_string_append_printf (out, "F%u", plain - PRC_KEY_F1 + 1);
    else if (plain > 0x20 && plain < 0x110000)
        g_string_append_unichar (out, plain);
    return g_string_free (out, FALSE);
}

gboolean
prc_key_is_text (PrcKey key)
{
    return key >= 0x20 && key < PRC_KEY_UP && key != PRC_KEY_BACKSPACE &&
           !(key >= 0x80 && key < 0xA0);
}
