# Draws parallel.svg and parallel.png from parallel.tsv. In this folder: gnuplot -d parallel.gp
set encoding utf8
set datafile separator tab
set datafile missing 'NaN'
unset key
set border 3 linecolor rgb '#59636e' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#59636e'
set grid ytics linetype 1 linewidth 0.8 linecolor rgb '#dfe4ea'
set lmargin at screen 0.0275
set rmargin at screen 0.8856
set bmargin at screen 0.0619
set tmargin at screen 0.781
set label 1 'Test accuracy (%) along the axes' at screen 0.016, 0.9429 left font ',17' textcolor rgb '#1f2328'
set xrange [0:750]
set yrange [0:1]
unset grid
unset xtics
unset ytics
set border 8
set y2range [0:1]
set y2tics ('97.0' 0.1274, '97.5' 0.3288, '98.0' 0.5302, '98.5' 0.7316, '99.0' 0.9330)
set label 2 'learning rate' at first 67.5, graph 1 center offset 0,1 textcolor rgb '#59636e'
set object 1 rectangle from first 0, first 0.6867 to first 135, first 1.0000 front fillcolor rgb '#dfe4ea' fillstyle solid 1 noborder
set label 3 '0.1' at first 67.5, first 0.8433 center front textcolor rgb '#1f2328'
set object 2 rectangle from first 0, first 0.3433 to first 135, first 0.6567 front fillcolor rgb '#dfe4ea' fillstyle solid 1 noborder
set label 4 '0.03' at first 67.5, first 0.5000 center front textcolor rgb '#1f2328'
set object 3 rectangle from first 0, first 0.0000 to first 135, first 0.3133 front fillcolor rgb '#dfe4ea' fillstyle solid 1 noborder
set label 5 '0.01' at first 67.5, first 0.1567 center front textcolor rgb '#1f2328'
set label 6 'channels' at first 264, graph 1 center offset 0,1 textcolor rgb '#59636e'
set object 4 rectangle from first 219, first 0.6867 to first 309, first 1.0000 front fillcolor rgb '#dfe4ea' fillstyle solid 1 noborder
set label 7 '[8, 16]' at first 264, first 0.8433 center front textcolor rgb '#1f2328'
set object 5 rectangle from first 219, first 0.3433 to first 309, first 0.6567 front fillcolor rgb '#dfe4ea' fillstyle solid 1 noborder
set label 8 '[16, 32]' at first 264, first 0.5000 center front textcolor rgb '#1f2328'
set object 6 rectangle from first 219, first 0.0000 to first 309, first 0.3133 front fillcolor rgb '#dfe4ea' fillstyle solid 1 noborder
set label 9 '[32, 64]' at first 264, first 0.1567 center front textcolor rgb '#1f2328'
set label 10 'pooling' at first 433.5, graph 1 center offset 0,1 textcolor rgb '#59636e'
set object 7 rectangle from first 393, first 0.5150 to first 474, first 1.0000 front fillcolor rgb '#dfe4ea' fillstyle solid 1 noborder
set label 11 'max' at first 433.5, first 0.7575 center front textcolor rgb '#1f2328'
set object 8 rectangle from first 393, first 0.0000 to first 474, first 0.4850 front fillcolor rgb '#dfe4ea' fillstyle solid 1 noborder
set label 12 'avg' at first 433.5, first 0.2425 center front textcolor rgb '#1f2328'
set label 13 'activation' at first 612, graph 1 center offset 0,1 textcolor rgb '#59636e'
set object 9 rectangle from first 558, first 0.5150 to first 666, first 1.0000 front fillcolor rgb '#dfe4ea' fillstyle solid 1 noborder
set label 14 'relu' at first 612, first 0.7575 center front textcolor rgb '#1f2328'
set object 10 rectangle from first 558, first 0.0000 to first 666, first 0.4850 front fillcolor rgb '#dfe4ea' fillstyle solid 1 noborder
set label 15 'tanh' at first 612, first 0.2425 center front textcolor rgb '#1f2328'
set label 16 'test accuracy (%)' at first 750, graph 1 center offset 0,1 textcolor rgb '#59636e'

set terminal svg size 874,420 dynamic noenhanced font 'sans-serif,15' background '#ffffff'
set output 'parallel.svg'
plot \
  'parallel.tsv' index 0 using 1:2:3 with lines linewidth 1 linecolor rgb variable, \
  'parallel.tsv' index 1 using 1:2:3 with lines linewidth 3.2 linecolor rgb variable
unset output

set terminal pngcairo size 1748,840 noenhanced font 'sans-serif,11.3' fontscale 2 linewidth 2 pointscale 2 background '#ffffff'
set output 'parallel.png'
replot
unset output
