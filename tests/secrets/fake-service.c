/* fake-service.c: owns org.freedesktop.secrets on the session bus and never answers a call; says "ready" when it does */
#include <gio/gio.h>
#include <stdio.h>

static GDBusMessage *
swallow (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer data)
{
    (void) connection;
    (void) data;
    if (incoming && g_dbus_message_get_message_type (message) == G_DBUS_MESSAGE_TYPE_METHOD_CALL)
        g_clear_object (&message);
    return message;
}

static void
acquired (GDBusConnection *connection, const char *name, gpointer data)
{
    (void) name;
    (void) data;
    g_dbus_connection_add_filter (connection, swallow, NULL, NULL);
    puts ("ready");
    fflush (stdout);
}

int
main (void)
{
    g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

    g_bus_own_name (G_BUS_TYPE_SESSION, "org.freedesktop.secrets", G_BUS_NAME_OWNER_FLAGS_NONE, NULL,
                    acquired, NULL, NULL, NULL);
    g_main_loop_run (loop);
    return 0;
}
