#include "tui/needle.h"

#include <string.h>

struct _PrcNeedle {
    char *text;
    char *folded;      /* (nullable): NULL when capital letters count */
    gboolean is_ascii; /* then strcasestr() will do, which allocates nothing */
};

static gboolean
has_capital (const char *text)
{
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
        if (g_unichar_isupper (g_utf8_get_char (p)))
            return TRUE;
    return FALSE;
}

PrcNeedle *
prc_needle_new (const char *text)
{
    PrcNeedle *needle = NULL;

    if (*text == '\0')
        return NULL;
    needle = g_new0 (PrcNeedle, 1);
    needle->text = g_strdup (text);
    needle->is_ascii = g_str_is_ascii (text);
    needle->folded = has_capital (text) ? NULL : g_utf8_casefold (text, -1);
    return needle;
}

void
prc_needle_free (PrcNeedle *needle)
{
    if (needle == NULL)
        return;
    g_free (needle->text);
    g_free (needle->folded);
    g_free (needle);
}

const char *
prc_needle_text (const PrcNeedle *needle)
{
    return needle->text;
}

gboolean
prc_needle_in (const PrcNeedle *needle, const char *text)
{
    g_autofree char *folded = NULL;

    if (needle == NULL || text == NULL)
        return FALSE;
    if (needle->folded == NULL)
        return strstr (text, needle->text) != NULL;
    if (needle->is_ascii)
        return strcasestr (text, needle->text) != NULL;
    folded = g_utf8_casefold (text, -1);
    return strstr (folded, needle->folded) != NULL;
}

/* How many cells from @x on spell the needle; 0: they don't. */
static int
match_at (const PrcNeedle *needle, const PrcArea *area, int x, int y)
{
    const char *rest = needle->folded != NULL ? needle->folded : needle->text;
    int start = x;

    for (; *rest != '\0' && x < area->width; x++) {
        const PrcCell *cell = prc_grid_cell (area->grid, area->x + x, area->y + y);
        g_autofree char *folded = needle->folded != NULL ? g_utf8_casefold (cell->text, -1) : NULL;
        const char *shown = folded != NULL ? folded : cell->text;

        if (!g_str_has_prefix (rest, shown))
            return 0;
        rest += strlen (shown);
    }
    return *rest == '\0' ? x - start : 0;
}

void
prc_needle_highlight (const PrcNeedle *needle, const PrcArea *area)
{
    for (int y = 0; y < area->height; y++)
        for (int x = 0; x < area->width; x++) {
            int n = prc_grid_cell (area->grid, area->x + x, area->y + y)->width > 0
                        ? match_at (needle, area, x, y)
                        : 0;

            for (int i = 0; i < n; i++)
                prc_grid_flag (area->grid, area->x + x + i, area->y + y, PRC_CELL_MATCH);
        }
}
