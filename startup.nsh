@echo -off
# Finds muster.efi on whichever volume it lies, and runs it there with this script's arguments.
# The UEFI shell starts this file by itself; "startup.nsh --only df.*" runs it by hand. A script
# gets nine arguments at most, none with a space inside; muster.cfg beside muster.efi takes more.
for %i in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
  if exist FS%i:\muster.efi then
    FS%i:
    cd \
    goto ARGUMENTS
  endif
  if exist FS%i:\EFI\muster\muster.efi then
    FS%i:
    cd \EFI\muster
    goto ARGUMENTS
  endif
endfor
echo startup.nsh: muster.efi is on no volume (looked in \ and \EFI\muster of FS0 to FS15)
exit /b 14

# The shell puts "" for an argument that is not there, so they are collected one by one.
:ARGUMENTS
set -v muster_args " "
:NEXT
if "%1" == "" then
  goto RUN
endif
set -v muster_args "%muster_args% %1"
shift
goto NEXT

:RUN
echo startup.nsh: saves the report that an earlier run left, as files here, then runs muster
muster.efi --collect
muster.efi %muster_args%
set -v muster_status %lasterror%
set -d muster_args
exit /b %muster_status%
