"""The host side of muster: boots muster.efi under QEMU or Bochs, watches it, judges what it said.

One module, one concern: settings (the command line), firmware and machine (the QEMU command),
volumes (disk images), guest and qmp (the running QEMU), snapshot and snapshot_store (a machine
restored at the shell's prompt, and where it is kept), bochs (all that is Bochs's own), console
(bytes to lines), transcript (what lines they are), tap (the report), verdict (what it all means),
junit, summary and picture (the files written), session (the story).
"""
