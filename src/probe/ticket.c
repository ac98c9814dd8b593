#include "probe/ticket.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/** What is read of a file: its header and the name of its owner are much shorter. */
#define START_MAX 4096u
#define COMPONENTS_MAX 64u

char *
prc_ticket_file (const char *name)
{
    if (name == NULL)
        return g_strdup_printf ("/tmp/krb5cc_%u", (unsigned) getuid ());
    if (g_str_has_prefix (name, "FILE:") || g_str_has_prefix (name, "DIR::"))
        name += 5;
    else if (g_str_has_prefix (name, "DIR:"))
        name += 4;
    return *name == '/' ? g_strdup (name) : NULL;
}

typedef struct {
    const guchar *at, *end;
} Reader;

static gboolean
skip (Reader *reader, gsize length)
{
    if ((gsize) (reader->end - reader->at) < length)
        return FALSE;
    reader->at += length;
    return TRUE;
}

static gboolean
read_number (Reader *reader, gsize n_bytes, guint *ret_number)
{
    const guchar *start = reader->at;

    if (!skip (reader, n_bytes))
        return FALSE;
    for (*ret_number = 0; start < reader->at; start++)
        *ret_number = *ret_number << 8 | *start;
    return TRUE;
}

/* The formats 3 and 4, in network byte order: 5, the format, in 4 a header, then the name: its
 * type, how many components, the realm, the components. The older two nobody writes. */
static gboolean
names_an_owner (Reader *reader)
{
    guint format = 0, length = 0, n = 0;

    if (!read_number (reader, 2, &format) || format < 0x0501 || format > 0x0504)
        return FALSE;
    if (format < 0x0503)
        return TRUE;
    if (format == 0x0504 && (!read_number (reader, 2, &length) || !skip (reader, length)))
        return FALSE;
    if (!skip (reader, 4) || !read_number (reader, 4, &n) || n > COMPONENTS_MAX)
        return FALSE;
    for (guint i = 0; i <= n; i++)
        if (!read_number (reader, 4, &length) || !skip (reader, length))
            return FALSE;
    return TRUE;
}

gboolean
prc_ticket_is_sound (const char *name)
{
    g_autofree char *path = prc_ticket_file (name);
    guchar bytes[START_MAX];
    Reader reader = { bytes, bytes };
    struct stat st;
    gssize n = 0;
    int fd = path != NULL ? open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;

    if (fd < 0)
        return TRUE;
    if (fstat (fd, &st) == 0 && S_ISREG (st.st_mode))
        n = read (fd, bytes, sizeof bytes);
    else
        n = -1;
    (void) close (fd);
    if (n < 0)
        return TRUE;
    reader.end = bytes + n;
    return names_an_owner (&reader);
}
